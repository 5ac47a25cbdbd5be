package dev.tidings.schemas.id;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Maps the ids of an identity provider to user ids, reversibly:
 *
 * <pre>
 * alice               alice                        is a user id and stays as it is
 * auth0|507f          e--auth0_7C507f              each byte of the UTF-8 text other than A-Z a-z 0-9 . - is _ and two digits
 * ada@example.com     e--ada_40example.com
 * e--x                e--e--x                      begins like an encoded id, and is encoded, too
 * </pre>
 *
 * An encoded id has at most 64 characters, as every user id.
 */
public final class UserIdEncoding {

    private static final String PREFIX = "e--";
    private static final char ESCAPE = '_';
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UserIdEncoding() {}

    /** Returns the user id of an external id; null if the id is empty, not Unicode, or longer than 64 characters when encoded. */
    public static @Nullable String encode(String externalId) {
        if (UserId.isValid(externalId) && !externalId.startsWith(PREFIX)) {
            return externalId;
        }
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(externalId));
        } catch (CharacterCodingException e) {
            return null; // an unpaired surrogate
        }
        StringBuilder encoded = new StringBuilder(PREFIX);
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (isLiteral(next)) {
                encoded.append((char) next);
            } else {
                encoded.append(ESCAPE).append(HEX.toHexDigits(next));
            }
        }
        return !externalId.isEmpty() && UserId.isValid(encoded.toString()) ? encoded.toString() : null;
    }

    /** Returns the external id of a user id; null if {@link #encode} returns this user id for none. */
    public static @Nullable String decode(String userId) {
        if (!UserId.isValid(userId)) {
            return null;
        }
        if (!userId.startsWith(PREFIX)) {
            return userId;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = PREFIX.length(); i < userId.length(); i++) {
            char next = userId.charAt(i);
            if (next != ESCAPE) {
                bytes.write(next);
            } else if (i + 2 < userId.length()
                    && HexFormat.isHexDigit(userId.charAt(i + 1))
                    && HexFormat.isHexDigit(userId.charAt(i + 2))) {
                bytes.write(HexFormat.fromHexDigits(userId, i + 1, i + 3));
                i += 2;
            } else {
                return null;
            }
        }
        String externalId = bytes.toString(StandardCharsets.UTF_8);
        return userId.equals(encode(externalId)) ? externalId : null;
    }

    private static boolean isLiteral(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '.' || b == '-';
    }
}
