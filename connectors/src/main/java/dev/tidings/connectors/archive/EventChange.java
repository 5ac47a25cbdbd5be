package dev.tidings.connectors.archive;

import org.jspecify.annotations.Nullable;

/** Changes archived events. A change of a changed event changes nothing. */
@FunctionalInterface
public interface EventChange {

    /**
     * A changed event.
     *
     * @param raw its bytes
     * @param body the same in JSON
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Changed(byte[] raw, String body) {}

    /** Returns the changed event; null: it stays as it is. */
    @Nullable
    Changed apply(byte[] raw);
}
