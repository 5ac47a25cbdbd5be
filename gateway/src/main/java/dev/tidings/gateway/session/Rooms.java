package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.gateway.subscription.Subscriber;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Command;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Room;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that one session is in. CONVERSATION decides whether the user may join. Then the client gets the room's head, as
 * soon as it is known, and its newest events. Not thread-safe: guarded by the session's lock.
 */
final class Rooms {

    static final int MAX_ROOMS = 100;

    private final Subscriber session;
    private final ConversationSubscriptions subscriptions;
    private final RequestHandler requests;
    private final SessionContext context;
    private final Set<String> joined = new TreeSet<>();
    private final Map<String, PendingJoin> pendingJoins = new HashMap<>();
    private final Map<String, List<Caller>> awaitingHead = new HashMap<>();

    /** A join that CONVERSATION has not decided yet. */
    private record PendingJoin(Caller caller, String roomId) {}

    Rooms(
            Subscriber session,
            ConversationSubscriptions subscriptions,
            RequestHandler requests,
            SessionContext context) {
        this.session = session;
        this.subscriptions = subscriptions;
        this.requests = requests;
        this.context = context;
    }

    /** @param enter the command that asks to enter the room, without command id */
    void request(Caller caller, Room room, Command enter) {
        String frameId = caller.origin().getFrameId();
        Refusal flaw = check(room);
        if (flaw != null) {
            context.send(frameId, ServerFrame.newBuilder().setRefused(flaw));
            return;
        }
        switch (room.getBodyCase()) {
            case JOIN -> join(caller, enter);
            case LEAVE -> {
                leave(room.getConversationId());
                context.send(frameId, ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
            }
            case BODY_NOT_SET -> throw new IllegalStateException("checked before");
        }
    }

    private @Nullable Refusal check(Room room) {
        ConversationId id = ConversationId.parse(room.getConversationId());
        if (id == null) {
            return Refusals.of(
                    Refusal.Reason.INVALID_CONVERSATION_ID,
                    "conversationId is \"" + room.getConversationId() + "\"; r:<id> is allowed");
        }
        if (!(id instanceof ConversationId.Room)) {
            return Refusals.of(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, room.getConversationId() + " is not a room");
        }
        return switch (room.getBodyCase()) {
            case JOIN ->
                joined.size() >= MAX_ROOMS && !joined.contains(room.getConversationId())
                        ? Refusals.of(
                                Refusal.Reason.TOO_MANY,
                                "the connection is in " + joined.size() + " rooms; at most " + MAX_ROOMS
                                        + " are allowed")
                        : null;
            case LEAVE -> null;
            case BODY_NOT_SET ->
                Refusals.of(Refusal.Reason.INVALID_ARGUMENT, "room has no body; join or leave is allowed");
        };
    }

    private void join(Caller caller, Command enter) {
        Command command = RequestHandler.identified(enter);
        joined.add(command.getConversationId());
        pendingJoins.put(command.getCommandId(), new PendingJoin(caller, command.getConversationId()));
        requests.command(caller, command, () -> rejected(command.getCommandId()));
    }

    /** Completes a join, if the answer is about one. The answer itself has been sent before. */
    void answer(Answer answer) {
        if (answer.hasApplied()) {
            PendingJoin join = pendingJoins.remove(answer.getCommandId());
            if (join != null && joined.contains(join.roomId())) {
                enter(join.caller(), join.roomId());
            }
        } else {
            rejected(answer.getCommandId());
        }
    }

    private void rejected(String commandId) {
        PendingJoin join = pendingJoins.remove(commandId);
        if (join != null && !subscriptions.isSubscribed(session, join.roomId())) {
            joined.remove(join.roomId());
        }
    }

    private void leave(String roomId) {
        joined.remove(roomId);
        awaitingHead.remove(roomId);
        subscriptions.unsubscribe(session, roomId);
    }

    private void enter(Caller caller, String roomId) {
        subscriptions.subscribe(session, roomId, 0);
        HeadNotice head = subscriptions.head(roomId);
        if (head == null) {
            awaitingHead.computeIfAbsent(roomId, first -> new ArrayList<>()).add(caller);
        } else {
            sendHead(caller, head);
        }
    }

    /** Returns whether the head was sent as the answer to a join. */
    boolean head(HeadNotice head) {
        List<Caller> waiting = awaitingHead.remove(head.getConversationId());
        if (waiting == null) {
            return false;
        }
        waiting.forEach(caller -> sendHead(caller, head));
        return true;
    }

    private void sendHead(Caller caller, HeadNotice head) {
        context.send(caller.origin().getFrameId(), ServerFrame.newBuilder().setHead(head));
        requests.newest(caller, head.getConversationId());
    }
}
