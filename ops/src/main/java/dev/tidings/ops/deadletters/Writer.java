package dev.tidings.ops.deadletters;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Who puts records aside, each with headers of its own after those that the record had. Since a record may have brought
 * headers of any name, the last ones count: whose header is the very last has put it aside, and its headers go back to
 * the one that it writes first.
 */
enum Writer {
    INTAKE("tidings.", "topic", "reason", "reason"),
    TOPOLOGY("__streams.errors.", "exception", "message", "exception"),
    SINK("__connect.errors.", "topic", "exception.message", "exception.class.name");

    private final String prefix;
    private final String first;
    private final String reason;
    private final String kindOfReason;

    /**
     * @param first the header it writes first
     * @param reason the header that says why; it may be empty or absent
     * @param kindOfReason what stands in for it then
     */
    Writer(String prefix, String first, String reason, String kindOfReason) {
        this.prefix = prefix;
        this.first = first;
        this.reason = reason;
        this.kindOfReason = kindOfReason;
    }

    /** Whose header is the last; null where it is nobody's. */
    static @Nullable Writer of(List<Header> headers) {
        if (!headers.isEmpty()) {
            String last = headers.getLast().key();
            for (Writer writer : values()) {
                if (last.startsWith(writer.prefix)) {
                    return writer;
                }
            }
        }
        return null;
    }

    /** How many of these headers the record had before. */
    int before(List<Header> headers) {
        int at = headers.size();
        while (at > 0 && headers.get(at - 1).key().startsWith(prefix)) {
            at--;
            if (headers.get(at).key().equals(prefix + first)) {
                break;
            }
        }
        return at;
    }

    /** The full name of one of its headers. */
    String header(String name) {
        return prefix + name;
    }

    /** The headers that say why, the best first. */
    List<String> reasons() {
        return List.of(reason, kindOfReason);
    }
}
