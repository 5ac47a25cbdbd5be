package dev.tidings.processors.inbox;

import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.Record;

/** Tells a session what its user sees. */
final class SyncAnswers {

    private final InboxStores stores;
    private final UserOutput output;

    SyncAnswers(InboxStores stores, UserOutput output) {
        this.stores = stores;
        this.output = output;
    }

    /**
     * A version that was never given, or by a state that is lost, is answered by a reset and everything: the client's views
     * may be others than the server's.
     *
     * @param since INCREMENTAL: the version that the session has; 0: none
     */
    void give(Record<String, UserCommand> record, Origin origin, SyncMode mode, long since) {
        UserRecord user = stores.user(record.key());
        long version = stores.clock().now(user);
        boolean reset =
                mode == SyncMode.INCREMENTAL && since != 0 && !stores.clock().hasGiven(user, since);
        SyncMode answered = reset ? SyncMode.FULL : mode;
        UserSight sight = stores.seenBy(record.key(), SyncPages.since(answered, since), UserOutput.timeOf(record));
        stores.clock().reached(version);
        boolean first = true;
        for (SyncAnswer page : SyncPages.of(answered, sight, version)) {
            output.deliver(
                    record,
                    origin.getGatewaySlot(),
                    Delivery.newBuilder()
                            .setSyncAnswer(
                                    page.toBuilder().setReset(reset && first).setOrigin(origin)));
            first = false;
        }
    }
}
