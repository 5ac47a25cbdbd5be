package dev.tidings.ops.bench.check;

/** Reads what became of the notifications of a run. Used by one thread. */
public interface NotificationSource extends AutoCloseable {

    /** Adds what is new since the last call. Returns after a moment if nothing is. */
    void readInto(NotificationLedger ledger);

    @Override
    void close();
}
