package dev.tidings.processors.inbox.state;

import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.SyncClockRecord;
import dev.tidings.state.v1.UserRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Orders the changes of users' views and of shared state (broadcasts, heads of large groups), so that one number
 * determines which changes a client lacks. It is a Lamport clock for each partition: a change gets a version above
 * every token issued before, and a token is at least the version of every change so far. It starts at the time of the
 * partition's first record, so that tokens of a lost state are recognized. See decision 28.
 */
public final class SyncClock {

    public static final StateStore<String, SyncClockRecord> STORE =
            new StateStore<>("sync-clock", Serdes.String(), ProtoSerde.of(SyncClockRecord.parser()));

    private static final String KEY = "clock";

    private final KeyValueStore<String, SyncClockRecord> store;
    private long recordMillis;

    SyncClock(ProcessorContext<?, ?> context) {
        this.store = STORE.in(context);
    }

    /**
     * Starts a record. Must be called before any other method. A partition without a clock starts it at the record's
     * time, in ms.
     */
    public void at(long millis) {
        recordMillis = millis;
    }

    /** Returns the token of a user who has all changes up to now. */
    public long now(UserRecord user) {
        return Math.max(user.getVersion(), clock().getVersion());
    }

    /**
     * Returns the version of the next change of one of the user's own views; the caller stores it in the user's record.
     */
    public long next(UserRecord user) {
        return now(user) + 1;
    }

    /**
     * Returns the version of the next change of shared state. After the change is stored, the caller passes it to
     * {@link #reached}.
     */
    public long nextShared() {
        return clock().getVersion() + 1;
    }

    /**
     * Records a version that a change of shared state has, or that was issued to a client as a token: later changes of
     * shared state get a higher one.
     */
    public void reached(long version) {
        SyncClockRecord clock = clock();
        if (version > clock.getVersion()) {
            store.put(KEY, clock.toBuilder().setVersion(version).build());
        }
    }

    /** Returns true if this state may have issued the token to a device of the user. */
    public boolean hasGiven(UserRecord user, long token) {
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
