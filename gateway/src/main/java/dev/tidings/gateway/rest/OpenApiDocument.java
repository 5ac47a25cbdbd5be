package dev.tidings.gateway.rest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.v1.Error;
import dev.tidings.v1.ProblemDetails;
import dev.tidings.v1.Refusal;
import io.undertow.util.StatusCodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Describes the routes in OpenAPI 3.1. The schemas are those of the protocol's messages. */
final class OpenApiDocument {

    private static final String USER_ID = "^[A-Za-z0-9_.-]{1,64}$";
    private static final String USER_IDS = "^[A-Za-z0-9_.-]{1,64}(,[A-Za-z0-9_.-]{1,64})*$";
    private static final String CONVERSATION_ID =
            "^(p:[A-Za-z0-9_.-]{1,64}:[A-Za-z0-9_.-]{1,64}|[grsb]:[A-Za-z0-9_.-]{1,64})$";
    private static final String GROUP_ID = "^[gr]:[A-Za-z0-9_.-]{1,64}$";
    private static final String ROOM_ID = "^r:[A-Za-z0-9_.-]{1,64}$";
    private static final String EXTERNAL_ID = "^[^\\u0000-\\u001f\\u007f-\\u009f]{1,128}$";
    private static final String PERCENT_ENCODED = "^([^%]|%[0-9A-Fa-f]{2})*$";

    private final SchemaGenerator schemas = new SchemaGenerator();

    private OpenApiDocument() {}

    /** Returns the document as JSON. */
    static String of(Routes routes) {
        return new OpenApiDocument().document(routes.all()).toString();
    }

    private JsonObject document(List<Route> routes) {
        JsonObject document = new JsonObject();
        document.addProperty("openapi", "3.1.0");
        document.add("info", info());
        JsonArray servers = new JsonArray();
        servers.add(object("url", "/"));
        document.add("servers", servers);
        document.add("security", security("bearer"));
        document.add("paths", paths(routes));
        document.add("components", components(routes));
        return document;
    }

    private static JsonArray security(String scheme) {
        JsonObject required = new JsonObject();
        required.add(scheme, new JsonArray());
        JsonArray security = new JsonArray();
        security.add(required);
        return security;
    }

    private static JsonObject info() {
        JsonObject info = object("title", "Tidings");
        info.addProperty("version", "1");
        info.addProperty(
                "description",
                "The operations of the client protocol as HTTP requests. A response is the outcome. Fields with their default"
                        + " value are absent.");
        JsonObject license = object("name", "Apache 2.0");
        license.addProperty("identifier", "Apache-2.0");
        info.add("license", license);
        return info;
    }

    private JsonObject components(List<Route> routes) {
        JsonObject problem = object("description", "The request failed; the code says why.");
        problem.add("content", content("application/problem+json", schemas.reference(ProblemDetails.getDescriptor())));
        JsonObject responses = new JsonObject();
        responses.add("Problem", problem);
        JsonObject bearer = object("type", "http");
        bearer.addProperty("scheme", "bearer");
        bearer.addProperty("bearerFormat", "JWT");
        JsonObject security = new JsonObject();
        security.add("bearer", bearer);
        JsonObject components = new JsonObject();
        components.add("schemas", schemas.components());
        components.add("responses", responses);
        if (routes.stream().anyMatch(route -> route.security() == RouteSecurity.TOKEN_CLIENT)) {
            JsonObject tokenClient = object("type", "http");
            tokenClient.addProperty("scheme", "basic");
            security.add("tokenClient", tokenClient);
        }
        components.add("securitySchemes", security);
        return components;
    }

    private JsonObject paths(List<Route> routes) {
        JsonObject paths = new JsonObject();
        for (Route route : routes) {
            String path = route.path().text();
            if (!paths.has(path)) {
                paths.add(path, new JsonObject());
            }
            paths.getAsJsonObject(path).add(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        return paths;
    }

    private JsonObject operation(Route route) {
        JsonObject operation = object("operationId", route.operationId());
        operation.addProperty("summary", route.summary());
        JsonArray tags = new JsonArray();
        tags.add(route.path().segments().get(1));
        operation.add("tags", tags);
        switch (route.security()) {
            case USER -> {} // as the whole document
            case TOKEN_CLIENT -> operation.add("security", security("tokenClient"));
            case NONE -> operation.add("security", new JsonArray());
        }
        JsonArray parameters = new JsonArray();
        route.path().variables().forEach(name -> parameters.add(pathParameter(name)));
        route.query().forEach(parameter -> parameters.add(queryParameter(parameter)));
        if (route.isIdempotent()) {
            parameters.add(idempotencyKey());
        }
        if (route.permission() != null && !route.method().equals("GET")) {
            parameters.add(reason());
        }
        String description = description(route);
        if (!description.isEmpty()) {
            operation.addProperty("description", description);
        }
        if (!parameters.isEmpty()) {
            operation.add("parameters", parameters);
        }
        if (route.body() != null) {
            JsonObject body = new JsonObject();
            body.addProperty("required", true);
            body.add("content", content("application/json", schemas.bodyReference(route.body(), route.reserved())));
            operation.add("requestBody", body);
        }
        operation.add("responses", responses(route));
        return operation;
    }

    /** The rules that the schema does not show. */
    private static String description(Route route) {
        List<String> sentences = new ArrayList<>();
        if (route.permission() != null) {
            sentences.add(
                    "Needs a token with one of the scopes " + route.permission().scopeNames() + '.');
        }
        boolean changes = !route.method().equals("GET") && route.security() == RouteSecurity.USER;
        if (changes && !route.isIdempotent()) {
            sentences.add("A repeated request changes nothing: it needs no Idempotency-Key.");
        }
        return String.join(" ", sentences);
    }

    private static JsonObject pathParameter(String name) {
        JsonObject schema = SchemaGenerator.type("string");
        switch (name) {
            case "conversationId" -> {
                schema.addProperty("pattern", CONVERSATION_ID);
                schema.addProperty("description", "p:<a>:<b> with the ids sorted, g:<id>, r:<id>, s:<id> or b:<id>");
            }
            case "groupId" -> {
                schema.addProperty("pattern", GROUP_ID);
                schema.addProperty("description", "g:<id>; for mutes of operators also r:<id>");
            }
            case "roomId" -> {
                schema.addProperty("pattern", ROOM_ID);
                schema.addProperty("description", "r:<id>");
            }
            case "userId" -> schema.addProperty("pattern", USER_ID);
            case "seq" -> schema.addProperty("pattern", "^[0-9]{1,18}$");
            default -> {
                schema.addProperty("minLength", 1);
                schema.addProperty("maxLength", ExternalId.MAX_BYTES);
                schema.addProperty("pattern", EXTERNAL_ID);
            }
        }
        return parameter(name, "path", true, schema);
    }

    private static JsonObject queryParameter(QueryParameter query) {
        JsonObject schema = switch (query.type()) {
            case NUMBER -> {
                JsonObject number = SchemaGenerator.type("integer");
                number.addProperty("minimum", 0);
                yield number;
            }
            case LIMIT -> {
                JsonObject limit = SchemaGenerator.type("integer");
                limit.addProperty("minimum", 1);
                limit.addProperty("maximum", query.max());
                yield limit;
            }
            case BOOLEAN -> SchemaGenerator.type("boolean");
            case TEXT -> SchemaGenerator.type("string");
            case USER_IDS -> {
                JsonObject userIds = SchemaGenerator.type("string");
                userIds.addProperty("pattern", USER_IDS);
                yield userIds;
            }
        };
        JsonObject parameter = parameter(query.name(), "query", query.isRequired(), schema);
        parameter.addProperty("description", query.description());
        return parameter;
    }

    private static JsonObject idempotencyKey() {
        JsonObject schema = SchemaGenerator.type("string");
        schema.addProperty("minLength", 1);
        schema.addProperty("maxLength", ExternalId.MAX_BYTES);
        schema.addProperty("pattern", EXTERNAL_ID);
        JsonObject parameter = parameter(RestHeaders.IDEMPOTENCY_KEY.toString(), "header", false, schema);
        parameter.addProperty("description", "A repeated request with the same key is carried out once.");
        return parameter;
    }

    private static JsonObject reason() {
        JsonObject schema = SchemaGenerator.type("string");
        schema.addProperty("maxLength", UserAuthentication.MAX_REASON_BYTES);
        schema.addProperty("pattern", PERCENT_ENCODED);
        JsonObject parameter = parameter(RestAuthentication.REASON.toString(), "header", false, schema);
        parameter.addProperty("description", "Why, for the audit log; percent-encoded UTF-8.");
        return parameter;
    }

    private static JsonObject parameter(String name, String in, boolean required, JsonObject schema) {
        JsonObject parameter = object("name", name);
        parameter.addProperty("in", in);
        parameter.addProperty("required", required);
        parameter.add("schema", schema);
        return parameter;
    }

    private JsonObject responses(Route route) {
        JsonArray schemasOfReplies = new JsonArray();
        for (Descriptor reply : route.replies()) {
            schemasOfReplies.add(schemas.reference(reply));
        }
        JsonObject schema = new JsonObject();
        schema.add("anyOf", schemasOfReplies);
        JsonObject success = object("description", "The outcome.");
        success.add(
                "content",
                content(
                        "application/json",
                        schemasOfReplies.size() == 1 ? schemasOfReplies.get(0).getAsJsonObject() : schema));
        JsonObject responses = new JsonObject();
        responses.add("200", success);
        if (route.method().equals("GET")) {
            responses.add("304", object("description", "The response is that of the ETag in If-None-Match."));
        }
        for (int status : problemStatuses()) {
            responses.add(Integer.toString(status), object("$ref", "#/components/responses/Problem"));
        }
        return responses;
    }

    /** Returns the statuses of all refusals and errors, and of what is wrong with a request itself. */
    private static Set<Integer> problemStatuses() {
        TreeSet<Integer> statuses = new TreeSet<>(Set.of(
                StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                StatusCodes.GATEWAY_TIME_OUT,
                StatusCodes.REQUEST_ENTITY_TOO_LARGE));
        Arrays.stream(Refusal.Reason.values()).map(Problems::status).forEach(statuses::add);
        Arrays.stream(Error.Code.values())
                .map(code -> Problems.status(Error.newBuilder()
                        .setCode(code == Error.Code.UNRECOGNIZED ? Error.Code.UNAVAILABLE : code)
                        .build()))
                .forEach(statuses::add);
        statuses.remove(StatusCodes.INTERNAL_SERVER_ERROR); // not expected of any request
        return statuses;
    }

    private static JsonObject content(String type, JsonObject schema) {
        JsonObject media = new JsonObject();
        media.add("schema", schema);
        JsonObject content = new JsonObject();
        content.add(type, media);
        return content;
    }

    private static JsonObject object(String key, String value) {
        JsonObject object = new JsonObject();
        object.addProperty(key, value);
        return object;
    }
}
