package dev.tidings.processors.inbox;

import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/** Answers syncs and questions of access. */
final class QuestionCommands {

    private final InboxStores stores;
    private final UserOutput output;

    QuestionCommands(InboxStores stores, UserOutput output) {
        this.stores = stores;
        this.output = output;
    }

    void sync(Record<String, UserCommand> record, SyncRequest request) {
        int slot = request.getOrigin().getGatewaySlot();
        output.requireSlot(slot);
        long version = stores.user(record.key()).getVersion();
        long since = SyncPages.since(request);
        List<ConversationView> views = stores.viewsSince(record.key(), since);
        List<ConversationView> broadcasts = stores.broadcastsSeenBy(record.key());
        for (SyncAnswer page : SyncPages.of(request.getMode(), views, broadcasts, version)) {
            SyncAnswer.Builder answer = page.toBuilder().setOrigin(request.getOrigin());
            output.deliver(record, slot, Delivery.newBuilder().setSyncAnswer(answer));
        }
    }

    /** Whoever asks waits for the answer, so that one who may see nothing is told so, too. */
    void access(Record<String, UserCommand> record, AccessRequest request) {
        int slot = request.getOrigin().getGatewaySlot();
        output.requireSlot(slot);
        AccessAnswer.Builder answer = Membership.access(stores.view(record.key(), request.getConversationId()))
                .setOrigin(request.getOrigin())
                .setConversationId(request.getConversationId());
        output.deliver(record, slot, Delivery.newBuilder().setAccessAnswer(answer));
    }
}
