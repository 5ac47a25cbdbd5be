package dev.tidings.schemas.id;

import java.nio.charset.StandardCharsets;

/** Ids that clients and business systems choose: of messages, operations, devices, requests, sources. */
public final class ExternalId {

    public static final int MAX_BYTES = 128;

    private ExternalId() {}

    /** Whether the text has 1 to {@value #MAX_BYTES} bytes in UTF-8 and no control characters. */
    public static boolean isValid(String text) {
        return isValid(text, MAX_BYTES);
    }

    /** Whether the text has 1 to {@code maxBytes} bytes in UTF-8 and no control characters. */
    public static boolean isValid(String text, int maxBytes) {
        return !text.isEmpty()
                && text.length() <= maxBytes
                && text.getBytes(StandardCharsets.UTF_8).length <= maxBytes
                && !hasControlCharacters(text);
    }

    private static boolean hasControlCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
