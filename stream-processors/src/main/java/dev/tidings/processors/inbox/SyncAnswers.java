package dev.tidings.processors.inbox;

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

    /** @param since INCREMENTAL: the version that the session has */
    void give(Record<String, UserCommand> record, Origin origin, SyncMode mode, long since) {
        long version = stores.user(record.key()).getVersion();
        UserSight sight = stores.seenBy(record.key(), SyncPages.since(mode, since), UserOutput.timeOf(record));
        for (SyncAnswer page : SyncPages.of(mode, sight, version)) {
            output.deliver(
                    record,
                    origin.getGatewaySlot(),
                    Delivery.newBuilder().setSyncAnswer(page.toBuilder().setOrigin(origin)));
        }
    }
}
