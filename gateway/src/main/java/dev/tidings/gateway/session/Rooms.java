package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.follow.Follower;
import dev.tidings.gateway.follow.Following;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Answer;
import dev.tidings.v1.ClientFrame;
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
 * The rooms that one session is in. CONVERSATION says whether the user may join; then follow the room's head, as soon as it
 * is known, and its newest events. Not thread-safe: used in the session's turn only.
 */
final class Rooms {

    static final int MAX_ROOMS = 100;

    private final Follower session;
    private final Following following;
    private final Requests requests;
    private final Requests.Asking asking;
    private final Set<String> joined = new TreeSet<>();
    private final Map<String, Entering> entering = new HashMap<>();
    private final Map<String, List<Caller>> waitingForHead = new HashMap<>();

    /** Somebody is at the door. */
    private record Entering(Caller caller, String roomId) {}

    Rooms(Follower session, Following following, Requests requests, Requests.Asking asking) {
        this.session = session;
        this.following = following;
        this.requests = requests;
        this.asking = asking;
    }

    void request(Caller caller, ClientFrame frame) {
        Room room = frame.getRoom();
        String id = frame.getId();
        String roomId = room.getConversationId();
        Refusal flaw = flawOf(room);
        if (flaw != null) {
            asking.send(id, ServerFrame.newBuilder().setRefused(flaw));
            return;
        }
        switch (room.getBodyCase()) {
            case JOIN -> join(caller, frame);
            case LEAVE -> {
                leave(roomId);
                asking.send(id, ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
            }
            case BODY_NOT_SET -> throw new IllegalStateException("checked before");
        }
    }

    private @Nullable Refusal flawOf(Room room) {
        ConversationId id = ConversationId.parse(room.getConversationId());
        if (id == null) {
            return CommandCheck.refusal(Refusal.Reason.INVALID_CONVERSATION_ID, "conversationId must be r:<id>");
        }
        if (!(id instanceof ConversationId.Room)) {
            return CommandCheck.refusal(
                    Refusal.Reason.WRONG_KIND_OF_CONVERSATION, room.getConversationId() + " is no room");
        }
        return switch (room.getBodyCase()) {
            case JOIN ->
                joined.size() >= MAX_ROOMS && !joined.contains(room.getConversationId())
                        ? CommandCheck.refusal(
                                Refusal.Reason.TOO_MANY, "a connection is in at most " + MAX_ROOMS + " rooms")
                        : null;
            case LEAVE -> null;
            case BODY_NOT_SET ->
                CommandCheck.refusal(Refusal.Reason.INVALID_ARGUMENT, "room must say what is wanted: join or leave");
        };
    }

    private void join(Caller caller, ClientFrame frame) {
        String roomId = frame.getRoom().getConversationId();
        String commandId = CommandId.next();
        joined.add(roomId);
        entering.put(commandId, new Entering(caller, roomId));
        requests.command(caller, commandId, frame, () -> turnedAway(commandId));
    }

    /** What became of a command: if it was to join, the client knows that by now. */
    void answered(Answer answer) {
        if (answer.hasApplied()) {
            Entering let = entering.remove(answer.getCommandId());
            if (let != null && joined.contains(let.roomId())) {
                enter(let.caller(), let.roomId());
            }
        } else {
            turnedAway(answer.getCommandId());
        }
    }

    private void turnedAway(String commandId) {
        Entering turned = entering.remove(commandId);
        if (turned != null && !following.follows(session, turned.roomId())) {
            joined.remove(turned.roomId());
        }
    }

    private void leave(String roomId) {
        joined.remove(roomId);
        waitingForHead.remove(roomId);
        following.unfollow(session, roomId);
    }

    private void enter(Caller caller, String roomId) {
        following.follow(session, roomId, 0);
        HeadNotice head = following.head(roomId);
        if (head == null) {
            waitingForHead.computeIfAbsent(roomId, first -> new ArrayList<>()).add(caller);
        } else {
            welcome(caller, head);
        }
    }

    /** @return whether somebody has waited for it */
    boolean head(HeadNotice head) {
        List<Caller> waiting = waitingForHead.remove(head.getConversationId());
        if (waiting == null) {
            return false;
        }
        waiting.forEach(caller -> welcome(caller, head));
        return true;
    }

    private void welcome(Caller caller, HeadNotice head) {
        String id = caller.origin().getFrameId();
        String roomId = head.getConversationId();
        asking.send(id, ServerFrame.newBuilder().setHead(head));
        requests.newest(caller, roomId);
    }
}
