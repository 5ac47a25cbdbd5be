package dev.tidings.gateway.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes the paths, queries and headers of HTTP requests, and the metadata of gRPC calls. Rejects text that is not valid, and
 * repairs none: two texts never decode to the same id.
 */
public final class PercentEncoding {

    private PercentEncoding() {}

    /**
     * Splits a path into its decoded segments.
     *
     * @throws RequestException if a segment is not percent-encoded UTF-8
     */
    public static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.substring(rawPath.startsWith("/") ? 1 : 0).split("/", -1)) {
            segments.add(decode(segment, false));
        }
        return segments;
    }

    /**
     * Splits a query into its decoded parameters.
     *
     * @throws RequestException if it is not percent-encoded UTF-8, or names a parameter twice
     */
    public static Map<String, String> query(String rawQuery) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
                if (parameters.put(name, value) != null) {
                    throw invalid("the query parameter \"" + name + "\" is repeated");
                }
            }
        }
        return parameters;
    }

    /**
     * Decodes a text.
     *
     * @param what it is, for the error
     * @throws RequestException if it is not percent-encoded UTF-8
     */
    public static String decode(String what, String text) {
        return decode(what, text, false);
    }

    private static String decode(String text, boolean plusIsSpace) {
        return decode("the URL", text, plusIsSpace);
    }

    private static String decode(String what, String text, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw invalid(what + " has a % without two hexadecimal digits");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes.write(' ');
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalid(what + " is not UTF-8");
        }
    }

    private static RequestException invalid(String message) {
        return new RequestException(Errors.invalidArgument(message));
    }
}
