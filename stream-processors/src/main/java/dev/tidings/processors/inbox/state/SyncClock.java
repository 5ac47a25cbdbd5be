package dev.tidings.processors.inbox.state;

import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.SyncClockRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Gives versions to the changes of views and of shared state (broadcasts, heads of large groups), and sync tokens to
 * clients. A token states which changes a client has: every later change has a greater version. See decision 41.
 *
 * <p>A partition has a clock for each input topic. Each record of the topic advances it, to the time of the record in
 * microseconds since 1970, and at least by one. The changes that the record makes have this version. So the version
 * depends only on the record's own topic: after an aborted transaction, when the topics may be read in another order,
 * the record gets the same version again. A token is the lesser of the two clocks.
 */
public final class SyncClock {

    /** Cached: every record changes the clock, and a commit writes it once. */
    public static final StateStore<String, SyncClockRecord> STORE =
            new StateStore<>("sync-clock", Serdes.String(), ProtoSerde.of(SyncClockRecord.parser())).cached();

    private static final String KEY = "clock";
    private static final long MICROS_PER_MILLI = 1_000;

    private final KeyValueStore<String, SyncClockRecord> store;
    private long version;

    SyncClock(ProcessorContext<?, ?> context) {
        this.store = STORE.in(context);
    }

    /**
     * Starts a record of {@code inbox}. Must be called before any other method.
     *
     * @param millis the time of the record
     */
    public void atEvent(long millis) {
        SyncClockRecord clock = clock(millis);
        version = next(clock.getEvents(), millis);
        store.put(KEY, clock.toBuilder().setEvents(version).build());
    }

    /** As {@link #atEvent}, for a record of {@code user-commands}. */
    public void atCommand(long millis) {
        SyncClockRecord clock = clock(millis);
        version = next(clock.getCommands(), millis);
        store.put(KEY, clock.toBuilder().setCommands(version).build());
    }

    /** Returns the version of the changes that this record makes to shared state. */
    public long version() {
        return version;
    }

    /**
     * Returns the version of the change that this record makes to a view. It is above the version that clients have
     * seen: a client keeps the greatest version of a view.
     */
    public long versionAfter(long seen) {
        return Math.max(seen + 1, version);
    }

    /**
     * Returns the position of this record in the order in which the task reads both topics: it grows with every record.
     * Unlike a version, it may differ after an aborted transaction.
     */
    public long position() {
        SyncClockRecord clock = clock(0);
        return clock.getEvents() + clock.getCommands();
    }

    /** Returns the token of a client that has all changes so far. */
    public long token() {
        return token(clock(0));
    }

    /** Returns true if this state may have issued the token. Tokens of a lost state are below its epoch. */
    public boolean hasIssued(long token) {
        SyncClockRecord clock = clock(0);
        return token >= clock.getEpoch() && token <= token(clock);
    }

    private static long token(SyncClockRecord clock) {
        return Math.min(clock.getEvents(), clock.getCommands());
    }

    private static long next(long last, long millis) {
        return Math.max(last + 1, millis * MICROS_PER_MILLI);
    }

    private SyncClockRecord clock(long millis) {
        SyncClockRecord stored = store.get(KEY);
        if (stored != null && stored.getEpoch() > 0) {
            return stored;
        }
        long epoch = Math.max(1, millis * MICROS_PER_MILLI - 1);
        return SyncClockRecord.newBuilder()
                .setEpoch(epoch)
                .setEvents(epoch)
                .setCommands(epoch)
                .build();
    }
}
