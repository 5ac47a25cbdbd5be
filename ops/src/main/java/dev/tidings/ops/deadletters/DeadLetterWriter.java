package dev.tidings.ops.deadletters;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The components that write dead letters. Each adds headers with its own prefix after the original ones. A rejected record may
 * itself have headers with such names; so the last header identifies the writer, and the writer's headers begin at the last
 * occurrence of the header that it writes first.
 */
enum DeadLetterWriter {
    INTAKE("tidings.", "topic", "reason", "reason"),
    TOPOLOGY("__streams.errors.", "exception", "message", "exception"),
    SINK("__connect.errors.", "topic", "exception.message", "exception.class.name");

    private final String prefix;
    private final String first;
    private final String reason;
    private final String fallbackReason;

    /**
     * @param first the header that it writes first
     * @param reason the header with the reason; it may be empty or absent
     * @param fallbackReason the header to use instead
     */
    DeadLetterWriter(String prefix, String first, String reason, String fallbackReason) {
        this.prefix = prefix;
        this.first = first;
        this.reason = reason;
        this.fallbackReason = fallbackReason;
    }

    /** Returns the writer of the last header, or null if no writer uses its prefix. */
    static @Nullable DeadLetterWriter of(List<Header> headers) {
        if (!headers.isEmpty()) {
            String last = headers.getLast().key();
            for (DeadLetterWriter writer : values()) {
                if (last.startsWith(writer.prefix)) {
                    return writer;
                }
            }
        }
        return null;
    }

    /** Returns how many of these headers are original ones. */
    int originalCount(List<Header> headers) {
        int at = headers.size();
        while (at > 0 && headers.get(at - 1).key().startsWith(prefix)) {
            at--;
            if (headers.get(at).key().equals(prefix + first)) {
                break;
            }
        }
        return at;
    }

    /** The full name of one of this writer's headers. */
    String header(String name) {
        return prefix + name;
    }

    /** The headers with the reason, the best first. */
    List<String> reasons() {
        return List.of(reason, fallbackReason);
    }
}
