package dev.tidings.ops.erasure;

import dev.tidings.v1.ErasedMessage;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Parts of SQL statements for ClickHouse. */
final class SqlText {

    private static final HexFormat HEX = HexFormat.of();

    private SqlText() {}

    /** Returns an expression for bytes. It consists of hexadecimal digits, so no byte has a meaning to SQL. */
    static String bytes(byte[] value) {
        return "unhex('" + HEX.formatHex(value) + "')";
    }

    static String text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A list for IN of (conversation id, seq). */
    static String positions(Collection<ErasedMessage> messages) {
        return messages.stream()
                .map(message -> '(' + text(message.getConversationId()) + ", " + message.getSeq() + ')')
                .collect(Collectors.joining(", "));
    }

    /** A list for IN of conversation ids. */
    static String conversations(Collection<ErasedMessage> messages) {
        return messages.stream()
                .map(ErasedMessage::getConversationId)
                .distinct()
                .map(SqlText::text)
                .collect(Collectors.joining(", "));
    }
}
