package dev.tidings.processors.supervision;

import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The input record that the calling thread processes. Every processor sets it, so that {@link OutputTracer} knows the input of an
 * output. Outputs that are written between two records, such as those of a cached store at a commit, have none.
 */
public final class CurrentInput {

    private static final ThreadLocal<@Nullable RecordMetadata> CURRENT = new ThreadLocal<>();

    private CurrentInput() {}

    /** @param input null at the end of a record */
    public static void set(@Nullable RecordMetadata input) {
        CURRENT.set(input);
    }

    static @Nullable RecordMetadata get() {
        return CURRENT.get();
    }
}
