package dev.tidings.ops.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of a schema registry with Confluent's REST API, which others have too (Karapace, Apicurio, Redpanda). Registering a schema
 * that a subject has already changes nothing.
 */
public final class SchemaRegistry {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String JSON = "application/vnd.schemaregistry.v1+json";

    /** A schema that another one imports under this name. */
    record Reference(String name, String subject, int version) {}

    /** A schema as the registry has it. */
    record SchemaVersion(int id, int version) {}

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String url;
    private final @Nullable String authorization;

    /**
     * @param url without a slash at the end
     * @param user empty: no authentication
     */
    SchemaRegistry(String url, String user, String password) {
        this.url = url;
        this.authorization = user.isEmpty()
                ? null
                : "Basic "
                        + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the registry of {@code schema-registry.url}; null if the key has no value. */
    public static @Nullable SchemaRegistry from(Settings settings) {
        String url = settings.find("schema-registry.url");
        if (url == null) {
            return null;
        }
        if (!url.matches("https?://[^/?#]+(/[^?#]*)?")) {
            throw new SettingsException("schema-registry.url is \"" + url + "\"; an http or https URL is allowed");
        }
        return new SchemaRegistry(
                url.replaceAll("/+$", ""),
                settings.text("schema-registry.user", ""),
                settings.text("schema-registry.password", ""));
    }

    /**
     * Registers a schema of protobuf under a subject.
     *
     * @param schema a serialized {@code FileDescriptorProto} in Base64
     * @param references of all files that it imports, besides those of protobuf itself
     * @throws SchemaRegistryException if the registry does not answer or rejects the schema
     */
    SchemaVersion register(String subject, String schema, List<Reference> references) {
        JsonObject body = new JsonObject();
        body.addProperty("schemaType", "PROTOBUF");
        body.addProperty("schema", schema);
        JsonArray imports = new JsonArray();
        for (Reference reference : references) {
            JsonObject one = new JsonObject();
            one.addProperty("name", reference.name());
            one.addProperty("subject", reference.subject());
            one.addProperty("version", reference.version());
            imports.add(one);
        }
        body.add("references", imports);
        String path = "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
        int id = number(post(path + "/versions", body), "id", subject);
        // the reply to a registration has no version
        return new SchemaVersion(id, number(post(path, body), "version", subject));
    }

    private JsonObject post(String path, JsonObject body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", JSON)
                .header("Accept", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new SchemaRegistryException("the schema registry at " + url + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaRegistryException("interrupted while waiting for the schema registry", e);
        }
        if (response.statusCode() != 200) {
            throw new SchemaRegistryException("the schema registry at " + url + " answers " + response.statusCode()
                    + " to " + path + ": " + messageIn(response.body()));
        }
        try {
            return JsonParser.parseString(response.body()).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new SchemaRegistryException("the response of the schema registry at " + url + " is not JSON", e);
        }
    }

    private int number(JsonObject response, String field, String subject) {
        if (!response.has(field)) {
            throw new SchemaRegistryException(
                    "the response of the schema registry at " + url + " to " + subject + " has no " + field);
        }
        return response.get(field).getAsInt();
    }

    /** Returns the field {@code message} of an error, or the whole body. */
    private static String messageIn(String body) {
        try {
            JsonObject error = JsonParser.parseString(body).getAsJsonObject();
            return error.has("message") ? error.get("message").getAsString() : body;
        } catch (JsonParseException | IllegalStateException e) {
            return body;
        }
    }
}
