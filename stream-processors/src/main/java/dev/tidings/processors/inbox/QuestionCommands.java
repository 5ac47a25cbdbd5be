package dev.tidings.processors.inbox;

import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.Record;

/** Answers syncs and questions of access. */
final class QuestionCommands {

    private final InboxStores stores;
    private final UserOutput output;
    private final SyncAnswers syncAnswers;

    QuestionCommands(InboxStores stores, UserOutput output, SyncAnswers syncAnswers) {
        this.stores = stores;
        this.output = output;
        this.syncAnswers = syncAnswers;
    }

    void sync(Record<String, UserCommand> record, SyncRequest request) {
        output.requireSlot(request.getOrigin().getGatewaySlot());
        syncAnswers.give(record, request.getOrigin(), request.getMode(), request.getSince());
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
