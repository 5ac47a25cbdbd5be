package dev.tidings.processors.inbox;

import dev.tidings.processors.parts.StateStore;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.SyncClockRecord;
import dev.tidings.state.v1.UserRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Orders the changes of users' views and of what users share (broadcasts, heads of large groups), so that one number tells
 * what a client lacks. A Lamport clock for each partition: a change takes a version above every token that was given before,
 * and a token is at least the version of every change so far. It begins with the time of the partition's first record, so that
 * tokens of a state that is lost are recognized. Decision 28.
 */
final class SyncClock {

    static final StateStore<String, SyncClockRecord> STORE =
            new StateStore<>("sync-clock", Serdes.String(), ProtoSerde.of(SyncClockRecord.parser()));

    private static final String KEY = "clock";

    private final KeyValueStore<String, SyncClockRecord> store;
    private long recordMillis;

    SyncClock(ProcessorContext<?, ?> context) {
        this.store = STORE.in(context);
    }

    /** To be called for each record before anything else: a partition without a clock starts it with the record's time. */
    void at(long millis) {
        recordMillis = millis;
    }

    /** The token of a user who has everything up to now. */
    long now(UserRecord user) {
        return Math.max(user.getVersion(), clock().getVersion());
    }

    /** The version of the next change of one of the user's own views; the caller stores it in the user's record. */
    long next(UserRecord user) {
        return now(user) + 1;
    }

    /** The version of the next change of what users share; once the change is stored, to be {@link #reached}. */
    long nextShared() {
        return clock().getVersion() + 1;
    }

    /**
     * Remembers that what users share has changed with this version, or that a client has this token: later changes of what users
     * share come after it.
     */
    void reached(long version) {
        SyncClockRecord clock = clock();
        if (version > clock.getVersion()) {
            store.put(KEY, clock.toBuilder().setVersion(version).build());
        }
    }

    /** Whether this state may have given the token to a device of the user. */
    boolean hasGiven(UserRecord user, long token) {
        return token >= clock().getEpoch() && token <= now(user);
    }

    private SyncClockRecord clock() {
        SyncClockRecord stored = store.get(KEY);
        if (stored != null) {
            return stored;
        }
        long epoch = Math.max(1, recordMillis);
        SyncClockRecord started =
                SyncClockRecord.newBuilder().setEpoch(epoch).setVersion(epoch).build();
        store.put(KEY, started);
        return started;
    }
}
