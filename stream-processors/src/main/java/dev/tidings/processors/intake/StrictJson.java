package dev.tidings.processors.intake;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;

/**
 * Whether a text is one JSON value and nothing after it. Protobuf's own parser takes more than that: it stops after the
 * first value, so of two commands in one record the second would get lost without a word.
 */
final class StrictJson {

    static final int MAX_DEPTH = 64;

    private StrictJson() {}

    /** @throws IOException where it is not, or nested deeper than {@value #MAX_DEPTH}; the message says where */
    static void require(String text) throws IOException {
        try {
            requireOneValue(text);
        } catch (NumberFormatException e) {
            // what the reader makes of an escape that is none
            throw new MalformedJsonException("no escape: " + e.getMessage(), e);
        }
    }

    private static void requireOneValue(String text) throws IOException {
        JsonReader reader = new JsonReader(new StringReader(text));
        int depth = 0;
        do {
            switch (reader.peek()) {
                case BEGIN_OBJECT -> {
                    reader.beginObject();
                    depth++;
                }
                case END_OBJECT -> {
                    reader.endObject();
                    depth--;
                }
                case BEGIN_ARRAY -> {
                    reader.beginArray();
                    depth++;
                }
                case END_ARRAY -> {
                    reader.endArray();
                    depth--;
                }
                case NAME, STRING, NUMBER, BOOLEAN, NULL, END_DOCUMENT -> reader.skipValue();
            }
            if (depth > MAX_DEPTH) {
                throw new MalformedJsonException("nested deeper than " + MAX_DEPTH);
            }
        } while (depth > 0);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new MalformedJsonException("something follows after the end");
        }
    }
}
