package dev.tidings.gateway.limit;

import dev.tidings.gateway.api.ClientRequest;
import dev.tidings.v1.Command;
import dev.tidings.v1.GroupCommand;
import java.util.Map;

/** Computes the work of one request, besides its frame and its bytes. */
public final class RequestCost {

    private RequestCost() {}

    /** Returns an empty map if only the frame and its bytes count. */
    public static Map<LimitedWork, Integer> of(ClientRequest.SessionRequest request) {
        return switch (request) {
            case ClientRequest.ConversationRequest(Command command) -> of(command);
            case ClientRequest.ForwardMessage ignored -> Map.of(LimitedWork.MESSAGES, 1);
            case ClientRequest.PullEvents(var pulls) -> Map.of(LimitedWork.READS, Math.max(1, pulls.size()));
            case ClientRequest.ReadHistory ignored -> Map.of(LimitedWork.READS, 1);
            case ClientRequest.SearchMessages ignored -> Map.of(LimitedWork.READS, 1);
            case ClientRequest.ReadUsers ignored -> Map.of(LimitedWork.READS, 1);
            case ClientRequest.SearchUsers ignored -> Map.of(LimitedWork.READS, 1);
            case ClientRequest.Sync ignored -> Map.of(LimitedWork.READS, 1);
            case ClientRequest.Presence(var query) ->
                Map.of(LimitedWork.PRESENCE_WATCHES, Math.max(1, query.getUserIdsCount()));
            case ClientRequest.Room(var room, var ignored) -> room.hasJoin() ? Map.of(LimitedWork.READS, 1) : Map.of();
            case ClientRequest.Acknowledge ignored -> Map.of();
            case ClientRequest.MarkRead ignored -> Map.of();
            case ClientRequest.Typing ignored -> Map.of();
            case ClientRequest.UserRequest ignored -> Map.of();
            case ClientRequest.PatchOwnUser ignored -> Map.of(LimitedWork.MESSAGES, 1);
            case ClientRequest.RefreshToken ignored -> Map.of();
        };
    }

    private static Map<LimitedWork, Integer> of(Command command) {
        return switch (command.getBodyCase()) {
            case SEND_MESSAGE, EDIT_MESSAGE, RECALL_MESSAGE, REACT, PIN_MESSAGE -> Map.of(LimitedWork.MESSAGES, 1);
            case GROUP -> of(command.getGroup());
            case FRIEND -> command.getFriend().hasRequest() ? Map.of(LimitedWork.FRIEND_REQUESTS, 1) : Map.of();
            default -> Map.of();
        };
    }

    private static Map<LimitedWork, Integer> of(GroupCommand group) {
        if (group.hasCreate()) {
            int members = group.getCreate().getMembersCount();
            return Map.of(LimitedWork.GROUP_CREATIONS, 1, LimitedWork.MEMBERS_ADDED, members);
        }
        return group.hasAddMembers()
                ? Map.of(LimitedWork.MEMBERS_ADDED, group.getAddMembers().getUserIdsCount())
                : Map.of();
    }
}
