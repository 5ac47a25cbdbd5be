package dev.tidings.schemas.readmodel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes values into SQL statements for ClickHouse. */
public final class SqlLiterals {

    /** Characters of values in one statement. ClickHouse takes statements of 256 KiB, and a statement may repeat its values. */
    private static final int MAX_CHARACTERS = 100_000;

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._-";
    private static final HexFormat HEX = HexFormat.of();

    private SqlLiterals() {}

    /** Returns a SQL string literal. Every byte that is not plain is escaped, so no character has a meaning to SQL. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("'");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(b) >= 0) {
                quoted.append((char) b);
            } else {
                quoted.append("\\x%02X".formatted(b));
            }
        }
        return quoted.append('\'').toString();
    }

    /** Returns an expression for bytes, in hexadecimal digits: the shortest form of bytes that are mostly not plain. */
    public static String bytes(byte[] value) {
        return "unhex('" + HEX.formatHex(value) + "')";
    }

    /** Returns a tuple of a conversation and a seq. */
    public static String position(String conversationId, long seq) {
        return '(' + quoted(conversationId) + ", " + seq + ')';
    }

    /** Joins values with commas. Returns several lists if one would be too long for a statement. */
    public static List<String> lists(List<String> values) {
        List<String> lists = new ArrayList<>();
        StringBuilder list = new StringBuilder();
        for (String value : values) {
            if (!list.isEmpty() && list.length() + value.length() > MAX_CHARACTERS) {
                lists.add(list.toString());
                list.setLength(0);
            }
            list.append(list.isEmpty() ? "" : ", ").append(value);
        }
        if (!list.isEmpty()) {
            lists.add(list.toString());
        }
        return lists;
    }
}
