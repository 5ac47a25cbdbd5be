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
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON that comes from outside: the one door for WebSocket frames, Kafka records and HTTP bodies.
 *
 * <p>Protobuf's own parser accepts more than JSON: it stops after the first value, so the second of two frames is lost
 * without an answer; it takes the last of two equal keys; it replaces half a surrogate pair by {@code ?}, so that two
 * ids become equal; and it shifts dates that do not exist. This door refuses all of them, and unknown fields.
 */
public final class StrictJson {

    /** Arrays and objects within each other. */
    public static final int MAX_DEPTH = 64;

    private StrictJson() {}

    /**
     * Reads one message from a text that holds one JSON object and nothing else.
     *
     * @throws InvalidProtocolBufferException where the text is anything else; the message says what is wrong
     */
    public static <B extends Message.Builder> B parse(String json, B into) throws InvalidProtocolBufferException {
        try {
            requireNoRawControls(json);
            new Walk(json, into.getDescriptorForType()).walk();
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (NumberFormatException e) {
            // what the reader makes of a \\u without four digits
            throw new InvalidProtocolBufferException("not an escape: " + e.getMessage(), e);
        } catch (IOException | IllegalStateException e) {
            throw new InvalidProtocolBufferException("not JSON: " + e.getMessage());
        }
        return ProtoJson.parse(json, into);
    }

    /**
     * Reads the string at this key of the outermost object, as far as the text can be read.
     *
     * @return empty where the text breaks before it, or has none; the first where there are several
     */
    public static String topLevelString(String json, String key) {
        JsonReader reader = new JsonReader(new StringReader(json));
        try {
            reader.beginObject();
            while (reader.hasNext()) {
                boolean found = reader.nextName().equals(key);
                if (found && reader.peek() == JsonToken.STRING) {
                    String value = reader.nextString();
                    return hasHalfPair(value) ? "" : value;
                }
                reader.skipValue();
            }
            return "";
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            return "";
        }
    }

    /** JSON requires an escape for them within strings; outside of strings the reader refuses them by itself. */
    private static void requireNoRawControls(String json) throws InvalidProtocolBufferException {
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

    private static boolean hasHalfPair(String text) {
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

    /** One pass over the text, beside the schema. */
    private static final class Walk {

        /**
         * An object or array that is open.
         *
         * @param message what the object, or each element of the array, is by the schema; null where it does not say
         * @param keys of an object: those read so far
         */
        private record Open(boolean array, @Nullable Descriptor message, Set<String> keys) {}

        private final JsonReader reader;
        private final Descriptor root;
        private final Deque<Open> open = new ArrayDeque<>();
        /** What the next value is by the schema; null where the schema does not say. */
        private @Nullable Descriptor next;

        Walk(String json, Descriptor root) {
            this.reader = new JsonReader(new StringReader(json));
            this.root = root;
        }

        void walk() throws IOException {
            next = root;
            do {
                step();
                if (open.size() > MAX_DEPTH) {
                    throw new InvalidProtocolBufferException("nested deeper than " + MAX_DEPTH);
                }
            } while (!open.isEmpty());
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new InvalidProtocolBufferException("something follows after the end");
            }
        }

        private void step() throws IOException {
            switch (reader.peek()) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    open.push(new Open(false, next, new HashSet<>()));
                }
                case BEGIN_ARRAY -> {
                    reader.beginArray();
                    open.push(new Open(true, next, Set.of()));
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
            Open inner = open.peek();
            if (inner != null && inner.array()) {
                next = inner.message();
            }
        }

        private void name(String name) throws InvalidProtocolBufferException {
            Open object = open.getFirst();
            if (!object.keys().add(name)) {
                throw new InvalidProtocolBufferException("the key \"" + name + "\" comes twice");
            }
            FieldDescriptor field = object.message() == null ? null : field(object.message(), name);
            next = field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()
                    ? field.getMessageType()
                    : null;
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
            if (next != null
                    && next.getFullName().equals(Timestamp.getDescriptor().getFullName())) {
                try {
                    DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(value);
                } catch (DateTimeException e) {
                    throw new InvalidProtocolBufferException("\"" + value + "\" is not a time that exists");
                }
            }
        }

        private static String requireUnicode(String text) throws InvalidProtocolBufferException {
            if (hasHalfPair(text)) {
                throw new InvalidProtocolBufferException("a string holds half a surrogate pair");
            }
            return text;
        }
    }
}
