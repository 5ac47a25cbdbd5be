package dev.tidings.processors.inbox;

import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.sync.SyncAnswers;
import dev.tidings.processors.inbox.view.Membership;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.ContinueSync;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Friends;
import dev.tidings.v1.FriendsRequest;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.Record;

/** Answers sync requests, access requests and requests for friends. */
final class QueryCommands {

    /** The largest number of friends in a reply: as many as a session may watch. */
    static final int MAX_FRIENDS = 1_000;

    private final InboxStores stores;
    private final UserOutput output;
    private final SyncAnswers syncAnswers;

    QueryCommands(InboxStores stores, UserOutput output, SyncAnswers syncAnswers) {
        this.stores = stores;
        this.output = output;
        this.syncAnswers = syncAnswers;
    }

    void sync(Record<String, UserCommand> record, SyncRequest request) {
        output.requireSlot(request.getOrigin().getGatewaySlot());
        if (request.getOrigin().getUnary()) {
            syncAnswers.givePage(record, request);
        } else {
            syncAnswers.give(record, request.getOrigin(), request.getMode(), request.getSince());
        }
    }

    /** Continues a sync. The record's key is empty. A session that has ended gets no further pages. */
    void continueSync(Record<String, UserCommand> record, ContinueSync command) {
        output.requireSlot(command.getOrigin().getGatewaySlot());
        boolean isOpen = stores.user(command.getUserId()).getSessionsList().stream()
                .anyMatch(session ->
                        session.getSessionId().equals(command.getOrigin().getSessionId()));
        if (isOpen) {
            syncAnswers.proceed(record.withKey(command.getUserId()), command);
        }
    }

    /** Answers an access request. Always replies, also without access: the requester waits for the reply. */
    void access(Record<String, UserCommand> record, AccessRequest request) {
        int slot = request.getOrigin().getGatewaySlot();
        output.requireSlot(slot);
        ViewRecord view = stores.view(record.key(), request.getConversationId());
        AccessAnswer.Builder answer = Membership.access(view)
                .addAllDeleted(view.getDeletedList())
                .setOrigin(request.getOrigin())
                .setConversationId(request.getConversationId());
        output.deliver(record, slot, Delivery.newBuilder().setAccessAnswer(answer));
    }

    void friends(Record<String, UserCommand> record, FriendsRequest request) {
        output.requireSlot(request.getOrigin().getGatewaySlot());
        Friends.Builder friends = Friends.newBuilder()
                .setMode(request.getMode())
                .addAllUserIds(stores.friendsOf(record.key(), MAX_FRIENDS));
        output.answer(record, request.getOrigin(), UserAnswer.newBuilder().setFriends(friends));
    }
}
