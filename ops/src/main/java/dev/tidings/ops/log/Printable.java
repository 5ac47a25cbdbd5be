package dev.tidings.ops.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes untrusted bytes and texts safe for a terminal: the result has no control characters. */
public final class Printable {

    private static final HexFormat HEX = HexFormat.of().withDelimiter(" ");
    private static final int ROW = 16;

    private Printable() {}

    /** Returns the text if it is UTF-8 without control characters except line ends and tabs, else null. */
    public static @Nullable String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.replace("\r\n", "\n").codePoints().allMatch(Printable::isHarmless) ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Returns a hex dump with sixteen bytes on a line: offset, bytes, ASCII. */
    public static String dump(byte[] bytes) {
        return IntStream.iterate(0, at -> at < bytes.length, at -> at + ROW)
                .mapToObj(at -> row(bytes, at))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the text on one line of at most {@code maxLength} characters, without control characters. */
    public static String oneLine(String text, int maxLength) {
        String line = text.codePoints()
                .map(c -> Character.isWhitespace(c) || !isHarmless(c) ? ' ' : c)
                .limit(maxLength + 1L)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip()
                .replaceAll(" {2,}", " ");
        return line.codePointCount(0, line.length()) <= maxLength
                ? line
                : line.substring(0, line.offsetByCodePoints(0, maxLength - 1)) + '…';
    }

    /** Returns the same JSON with control characters escaped. */
    public static String json(String json) {
        return json.codePoints()
                .mapToObj(c -> isHarmless(c)
                        ? Character.toString(c)
                        : Character.toString(c)
                                .chars()
                                .mapToObj(unit -> String.format(Locale.ROOT, "\\u%04x", unit))
                                .collect(Collectors.joining()))
                .collect(Collectors.joining());
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c == '\n' || c == '\t';
            // directional marks are harmful; joiners of letters and emoji are not
            case Character.FORMAT -> c == 0x200C || c == 0x200D;
            case Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static String row(byte[] bytes, int at) {
        int end = Math.min(at + ROW, bytes.length);
        StringBuilder ascii = new StringBuilder();
        for (int i = at; i < end; i++) {
            ascii.append(bytes[i] >= ' ' && bytes[i] < 0x7F ? (char) bytes[i] : '.');
        }
        return String.format(Locale.ROOT, "%08x  %-47s  %s", at, HEX.formatHex(bytes, at, end), ascii);
    }
}
