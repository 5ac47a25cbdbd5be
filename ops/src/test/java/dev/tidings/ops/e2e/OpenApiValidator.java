package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Locale;
import java.util.Map;

/**
 * Validates responses against the OpenAPI document that the gateway serves. Knows the keywords of JSON schema that the document
 * has, and fails on all others. Objects must not have properties that their schema does not name.
 */
final class OpenApiValidator {

    private final JsonObject document;

    OpenApiValidator(String document) {
        this.document = JsonParser.parseString(document).getAsJsonObject();
    }

    /** @param path of the request, without its query */
    void validate(String method, String path, int status, String body) {
        JsonObject operation = operation(method, path);
        JsonElement response = operation.getAsJsonObject("responses").get(Integer.toString(status));
        assertTrue(response != null, () -> method + ' ' + path + " does not document status " + status);
        JsonObject content = resolved(response.getAsJsonObject()).getAsJsonObject("content");
        String type = content.keySet().iterator().next();
        String problem =
                mismatch(content.getAsJsonObject(type).getAsJsonObject("schema"), JsonParser.parseString(body), "");
        assertTrue(problem.isEmpty(), () -> method + ' ' + path + ": " + problem + " in " + body);
    }

    private JsonObject operation(String method, String path) {
        for (Map.Entry<String, JsonElement> candidate :
                document.getAsJsonObject("paths").entrySet()) {
            String pattern = candidate.getKey().replaceAll("\\{[^}]+}", "[^/]+");
            JsonElement operation = candidate.getValue().getAsJsonObject().get(method.toLowerCase(Locale.ROOT));
            if (path.matches(pattern) && operation != null) {
                return operation.getAsJsonObject();
            }
        }
        return fail(method + ' ' + path + " is not documented");
    }

    private JsonObject resolved(JsonObject schema) {
        if (!schema.has("$ref")) {
            return schema;
        }
        String[] reference = schema.get("$ref").getAsString().split("/");
        return document.getAsJsonObject(reference[1])
                .getAsJsonObject(reference[2])
                .getAsJsonObject(reference[3]);
    }

    /** Returns what does not match; empty if all does. */
    private String mismatch(JsonObject reference, JsonElement value, String at) {
        JsonObject schema = resolved(reference);
        if (schema.has("anyOf")) {
            for (JsonElement one : schema.getAsJsonArray("anyOf")) {
                if (mismatch(one.getAsJsonObject(), value, at).isEmpty()) {
                    return "";
                }
            }
            return at + " matches no alternative";
        }
        if (!hasType(schema.get("type"), value)) {
            return at + " is not " + schema.get("type");
        }
        if (schema.has("enum") && !schema.getAsJsonArray("enum").contains(value)) {
            return at + " is not in " + schema.get("enum");
        }
        if (schema.has("pattern")
                && !value.getAsString().matches(schema.get("pattern").getAsString())) {
            return at + " does not match " + schema.get("pattern");
        }
        if (value.isJsonArray()) {
            for (JsonElement item : value.getAsJsonArray()) {
                String problem = mismatch(schema.getAsJsonObject("items"), item, at + "[]");
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return value.isJsonObject() ? mismatchOfProperties(schema, value.getAsJsonObject(), at) : "";
    }

    private String mismatchOfProperties(JsonObject schema, JsonObject value, String at) {
        for (Map.Entry<String, JsonElement> property : value.entrySet()) {
            JsonObject expected = schema.getAsJsonObject("properties").getAsJsonObject(property.getKey());
            String where = at + '.' + property.getKey();
            String problem = expected == null ? where + " is unknown" : mismatch(expected, property.getValue(), where);
            if (!problem.isEmpty()) {
                return problem;
            }
        }
        return "";
    }

    private static boolean hasType(JsonElement types, JsonElement value) {
        JsonArray all = types.isJsonArray() ? types.getAsJsonArray() : array(types);
        for (JsonElement type : all) {
            boolean matches = switch (type.getAsString()) {
                case "object" -> value.isJsonObject();
                case "array" -> value.isJsonArray();
                case "string" ->
                    value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
                case "integer", "number" ->
                    value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
                case "boolean" ->
                    value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
                default -> fail("unknown type " + type);
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private static JsonArray array(JsonElement one) {
        JsonArray array = new JsonArray();
        array.add(one);
        return array;
    }
}
