package dev.tidings.schemas.serde;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSON from clients and business systems into messages. It rejects everything that is not exactly one JSON object of the
 * message's type.
 *
 * <p>Protobuf's own parser is lenient: it stops after the first value and ignores the rest, it takes the last of two equal keys, it
 * replaces an unpaired surrogate by {@code ?}, which can make two ids equal, it shifts dates that do not exist, and it takes numbers,
 * booleans and arrays of one element for strings. This parser rejects all of these, and unknown fields. As protobuf's JSON mapping
 * says, a number may be a string.
 */
public final class StrictJson {

    /** The maximum depth of nested arrays and objects. */
    public static final int MAX_DEPTH = 64;

    private static final Pattern PLACE = Pattern.compile(" at line \\d+ column \\d+ path \\S+");

    private StrictJson() {}

    /**
     * Parses a text that has one JSON object and nothing else.
     *
     * @throws InvalidProtocolBufferException if the text has anything else; its message names the fault
     */
    public static <B extends Message.Builder> B parse(String json, B into) throws InvalidProtocolBufferException {
        try {
            requireEscapedControls(json);
            new Validator(json, into.getDescriptorForType()).validate();
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException | IllegalStateException e) {
            throw new InvalidProtocolBufferException("not JSON" + place(e), e);
        }
        return ProtoJson.parse(json, into);
    }

    /** Returns where the reader has failed. The rest of its message is advice for programmers. */
    private static String place(Exception failure) {
        Matcher place = PLACE.matcher(String.valueOf(failure.getMessage()));
        return place.find() ? place.group() : "";
    }

    /**
     * Reads the string value of a key of the outermost object, also from a text that is invalid behind it.
     *
     * @return the first value; empty if there is none, or if the text is invalid before it
     */
    public static String topLevelString(String json, String key) {
        JsonReader reader = new JsonReader(new StringReader(json));
        try {
            reader.beginObject();
            while (reader.hasNext()) {
                boolean found = reader.nextName().equals(key);
                if (found && reader.peek() == JsonToken.STRING) {
                    String value = reader.nextString();
                    return hasUnpairedSurrogate(value) ? "" : value;
                }
                reader.skipValue();
            }
            return "";
        } catch (IOException | IllegalStateException e) {
            return "";
        }
    }

    /** Control characters in strings must be escaped. Outside of strings the reader rejects them. */
    private static void requireEscapedControls(String json) throws InvalidProtocolBufferException {
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '"') {
                inString = !inString;
            } else if (inString && c == '\\') {
                i++;
            } else if (inString && c < ' ') {
                throw new InvalidProtocolBufferException("a control character in a string is not escaped");
            }
        }
    }

    private static boolean hasUnpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** Validates the text in one pass, along the message's descriptor. */
    private static final class Validator {

        /**
         * An object or array that has not ended yet.
         *
         * @param message the type of the object; null: an array, or an object whose keys are no fields
         * @param elements the field that the array's elements belong to; null: an object, or not known
         * @param keys the keys of the object so far; empty for an array
         */
        private record Container(
                boolean array,
                @Nullable Descriptor message,
                @Nullable FieldDescriptor elements,
                Set<String> keys) {}

        private final JsonReader reader;
        private final Descriptor root;
        private final Deque<Container> open = new ArrayDeque<>();
        /** The field that the next value belongs to; null: the root, or not known. */
        private @Nullable FieldDescriptor next;

        Validator(String json, Descriptor root) {
            this.reader = new JsonReader(new StringReader(json));
            this.root = root;
        }

        void validate() throws IOException {
            do {
                step();
                if (open.size() > MAX_DEPTH) {
                    throw new InvalidProtocolBufferException("nested deeper than " + MAX_DEPTH);
                }
            } while (!open.isEmpty());
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new InvalidProtocolBufferException("there is text after the object");
            }
        }

        private void step() throws IOException {
            JsonToken token = reader.peek();
            checkType(token);
            switch (token) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    open.push(new Container(false, messageType(), null, new HashSet<>()));
                }
                case BEGIN_ARRAY -> {
                    reader.beginArray();
                    open.push(new Container(true, null, next, Set.of()));
                }
                case END_OBJECT -> {
                    reader.endObject();
                    open.pop();
                }
                case END_ARRAY -> {
                    reader.endArray();
                    open.pop();
                }
                case NAME -> name(requireUnicode(reader.nextName()));
                case STRING -> string(requireUnicode(reader.nextString()));
                case NUMBER, BOOLEAN, NULL, END_DOCUMENT -> reader.skipValue();
            }
            Container inner = open.peek();
            if (inner != null && inner.array()) {
                next = inner.elements();
            }
        }

        /** The type of an object that begins here. */
        private @Nullable Descriptor messageType() {
            if (open.isEmpty()) {
                return root;
            }
            FieldDescriptor field = next;
            return field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                    ? field.getMessageType()
                    : null;
        }

        private void name(String name) throws InvalidProtocolBufferException {
            Container object = open.getFirst();
            if (!object.keys().add(name)) {
                throw new InvalidProtocolBufferException("the key \"" + name + "\" is repeated");
            }
            FieldDescriptor field = object.message() == null ? null : field(object.message(), name);
            next = field == null || hasOwnMapping(field) ? null : field;
        }

        /** Whether JSON represents the field by something else than objects, arrays and the values of its type. */
        private static boolean hasOwnMapping(FieldDescriptor field) {
            return field.isMapField()
                    || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                            && field.getMessageType().getFile().getPackage().equals("google.protobuf")
                            && !isTime(field);
        }

        private static boolean isTime(FieldDescriptor field) {
            return field.getMessageType()
                    .getFullName()
                    .equals(Timestamp.getDescriptor().getFullName());
        }

        /** Checks that the value that begins here has the JSON type of its field. Null is allowed: the field is absent. */
        private void checkType(JsonToken token) throws InvalidProtocolBufferException {
            Container inner = open.peek();
            FieldDescriptor field = next;
            if (field == null
                    || token == JsonToken.NAME
                    || token == JsonToken.END_OBJECT
                    || token == JsonToken.END_ARRAY) {
                return;
            }
            boolean isElement = inner != null && inner.array();
            String allowed = field.isRepeated() && !isElement ? "an array" : allowed(field);
            if (!allows(field, isElement, token)) {
                throw new InvalidProtocolBufferException(field.getJsonName() + (isElement ? " has " : " is ")
                        + name(token) + "; " + allowed + " is allowed");
            }
        }

        private static boolean allows(FieldDescriptor field, boolean isElement, JsonToken token) {
            if (token == JsonToken.NULL || field.isRepeated() && !isElement) {
                return token == JsonToken.NULL || token == JsonToken.BEGIN_ARRAY;
            }
            return switch (field.getJavaType()) {
                case STRING, BYTE_STRING -> token == JsonToken.STRING;
                case BOOLEAN -> token == JsonToken.BOOLEAN;
                case INT, LONG, FLOAT, DOUBLE, ENUM -> token == JsonToken.NUMBER || token == JsonToken.STRING;
                case MESSAGE -> token == (isTime(field) ? JsonToken.STRING : JsonToken.BEGIN_OBJECT);
            };
        }

        private static String allowed(FieldDescriptor field) {
            return switch (field.getJavaType()) {
                case STRING -> "a string";
                case BYTE_STRING -> "a string in Base64";
                case BOOLEAN -> "true or false";
                case INT, LONG, FLOAT, DOUBLE -> "a number";
                case ENUM -> "the name of a value";
                case MESSAGE -> isTime(field) ? "a time such as 2026-11-29T10:00:00Z" : "an object";
            };
        }

        private static String name(JsonToken token) {
            return switch (token) {
                case BEGIN_OBJECT, END_OBJECT -> "an object";
                case BEGIN_ARRAY, END_ARRAY -> "an array";
                case STRING, NAME -> "a string";
                case NUMBER -> "a number";
                case BOOLEAN -> "a boolean";
                case NULL -> "null";
                case END_DOCUMENT -> "nothing";
            };
        }

        private static @Nullable FieldDescriptor field(Descriptor message, String name) {
            for (FieldDescriptor field : message.getFields()) {
                if (field.getJsonName().equals(name) || field.getName().equals(name)) {
                    return field;
                }
            }
            return null;
        }

        private void string(String value) throws InvalidProtocolBufferException {
            FieldDescriptor field = next;
            if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && isTime(field)) {
                try {
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(value);
                } catch (DateTimeException e) {
                    throw new InvalidProtocolBufferException(
                            field.getJsonName() + " is \"" + value + "\", which is not an existing time");
                }
            }
        }

        private static String requireUnicode(String text) throws InvalidProtocolBufferException {
            if (hasUnpairedSurrogate(text)) {
                throw new InvalidProtocolBufferException("a string has an unpaired surrogate");
            }
            return text;
        }
    }
}
