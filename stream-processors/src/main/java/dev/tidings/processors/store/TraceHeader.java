package dev.tidings.processors.store;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The only header that topologies copy from an input record to inbox records, commands and deliveries. */
public final class TraceHeader {

    private static final String NAME = "traceparent";
    private static final int MAX_BYTES = 128;

    private TraceHeader() {}

    /** Returns the value in the headers of a request; empty if there is none, or it is too long. */
    public static String in(Headers headers) {
        Header trace = headers.lastHeader(NAME);
        return trace == null || trace.value() == null || trace.value().length > MAX_BYTES
                ? ""
                : new String(trace.value(), StandardCharsets.ISO_8859_1);
    }

    /** Returns the headers of a record to write: those of the trace alone. Other headers would make an answer as large as its input. */
    public static Headers of(Headers input) {
        return headers(in(input));
    }

    /** Returns the headers of a command. */
    public static Headers headers(String traceparent) {
        Headers headers = new RecordHeaders();
        if (!traceparent.isEmpty()) {
            headers.add(NAME, traceparent.getBytes(StandardCharsets.ISO_8859_1));
        }
        return headers;
    }
}
