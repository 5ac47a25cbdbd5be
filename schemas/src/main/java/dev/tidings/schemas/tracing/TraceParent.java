package dev.tidings.schemas.tracing;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent} of W3C Trace Context, version 00: a trace, the span that caused the record, and whether the trace
 * is sampled.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 of them, not all zero
 */
public record TraceParent(String traceId, String spanId, boolean isSampled) {

    /** The header's name in Kafka and in HTTP. */
    public static final String HEADER = "traceparent";

    private static final int LENGTH = 55;

    /** Versions after 00 may have more fields behind the flags; ff is invalid. */
    private static final Pattern FORMAT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?");

    private static final int SAMPLED = 1;

    /** Returns a sampled trace with new ids. */
    static TraceParent random(RandomGenerator random) {
        return new TraceParent(hex(random.nextLong()) + hex(nonZero(random)), hex(nonZero(random)), true);
    }

    /** Reads the value of a header. Returns null if it is invalid. */
    public static @Nullable TraceParent parse(String value) {
        Matcher matcher = FORMAT.matcher(value);
        if (!matcher.matches() || (value.startsWith("00") && value.length() != LENGTH)) {
            return null;
        }
        boolean isSampled = (Integer.parseInt(matcher.group(3), 16) & SAMPLED) != 0;
        return new TraceParent(matcher.group(1), matcher.group(2), isSampled);
    }

    /** Returns the sampled trace of a record; null if it has none. */
    static @Nullable TraceParent sampledIn(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null) {
            return null;
        }
        TraceParent parent = parse(new String(header.value(), StandardCharsets.ISO_8859_1));
        return parent != null && parent.isSampled() ? parent : null;
    }

    void addTo(Headers headers) {
        headers.add(HEADER, toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static long nonZero(RandomGenerator random) {
        long value;
        do {
            value = random.nextLong();
        } while (value == 0);
        return value;
    }

    static String hex(long value) {
        return String.format("%016x", value);
    }

    /** Returns the value of the header. */
    @Override
    public String toString() {
        return "00-" + traceId + '-' + spanId + (isSampled ? "-01" : "-00");
    }
}
