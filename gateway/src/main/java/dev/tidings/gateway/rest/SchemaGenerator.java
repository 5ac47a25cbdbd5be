package dev.tidings.gateway.rest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Timestamp;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes the JSON schemas of messages from their descriptors, in protobuf's JSON mapping. Collects the schemas of the messages
 * within them, too.
 */
final class SchemaGenerator {

    private final Map<String, JsonObject> schemas = new TreeMap<>();

    /** Returns all schemas so far, by their names, as the components of a document. */
    JsonObject components() {
        JsonObject components = new JsonObject();
        schemas.forEach(components::add);
        return components;
    }

    /** Returns a reference to the schema of a message. */
    JsonObject reference(Descriptor message) {
        String name = message.getName();
        if (!schemas.containsKey(name)) {
            JsonObject schema = new JsonObject();
            schemas.put(name, schema); // before its fields, because a message may contain itself
            describe(schema, message, Set.of());
        }
        return reference(name);
    }

    /** Returns a reference to the schema of a request body, which has no other fields than these. */
    JsonObject bodyReference(Descriptor message, Set<String> reserved) {
        String name = message.getName() + "Body";
        if (!schemas.containsKey(name)) {
            JsonObject schema = new JsonObject();
            describe(schema, message, reserved);
            schema.addProperty("additionalProperties", false);
            schemas.put(name, schema);
        }
        return reference(name);
    }

    private static JsonObject reference(String name) {
        JsonObject reference = new JsonObject();
        reference.addProperty("$ref", "#/components/schemas/" + name);
        return reference;
    }

    private void describe(JsonObject schema, Descriptor message, Set<String> reserved) {
        schema.addProperty("type", "object");
        JsonObject properties = new JsonObject();
        for (FieldDescriptor field : message.getFields()) {
            if (!reserved.contains(field.getJsonName())) {
                properties.add(field.getJsonName(), property(field));
            }
        }
        schema.add("properties", properties);
        String alternatives = message.getRealOneofs().stream()
                .map(SchemaGenerator::alternatives)
                .collect(Collectors.joining(" "));
        if (!alternatives.isEmpty()) {
            schema.addProperty("description", alternatives);
        }
    }

    private static String alternatives(OneofDescriptor oneof) {
        return "At most one of "
                + oneof.getFields().stream().map(FieldDescriptor::getJsonName).collect(Collectors.joining(", ")) + '.';
    }

    private JsonObject property(FieldDescriptor field) {
        if (!field.isRepeated()) {
            return single(field);
        }
        JsonObject array = type("array");
        array.add("items", single(field));
        return array;
    }

    private JsonObject single(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> formatted("integer", "int32");
            case LONG -> wholeNumber();
            case FLOAT, DOUBLE -> type("number");
            case BOOLEAN -> type("boolean");
            case STRING -> type("string");
            case BYTE_STRING -> {
                JsonObject base64 = type("string");
                base64.addProperty("contentEncoding", "base64");
                yield base64;
            }
            case ENUM -> names(field.getEnumType());
            case MESSAGE ->
                field.getMessageType()
                                .getFullName()
                                .equals(Timestamp.getDescriptor().getFullName())
                        ? formatted("string", "date-time")
                        : reference(field.getMessageType());
        };
    }

    /** A number of 64 bits: a string in replies, a string or a number in requests. */
    private static JsonObject wholeNumber() {
        JsonObject number = new JsonObject();
        JsonArray types = new JsonArray();
        types.add("string");
        types.add("integer");
        number.add("type", types);
        number.addProperty("pattern", "^-?[0-9]{1,19}$");
        return number;
    }

    private static JsonObject names(EnumDescriptor type) {
        JsonArray names = new JsonArray();
        type.getValues().forEach(value -> names.add(value.getName()));
        JsonObject schema = type("string");
        schema.add("enum", names);
        return schema;
    }

    static JsonObject type(String type) {
        JsonObject schema = new JsonObject();
        schema.addProperty("type", type);
        return schema;
    }

    private static JsonObject formatted(String type, String format) {
        JsonObject schema = type(type);
        schema.addProperty("format", format);
        return schema;
    }
}
