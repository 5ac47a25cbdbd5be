package dev.tidings.processors.intake;

import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.GetPresenceRequest;
import dev.tidings.v1.ListConversationsRequest;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a query about users into commands to INBOX: one for each user. */
final class QueryExpansion {

    static final int MAX_USERS = 200;

    private QueryExpansion() {}

    /** Whether INBOX answers the request. */
    static boolean isQuery(BusinessCommand business) {
        return business.hasListConversations() || business.hasGetPresence();
    }

    /** The violated rule of a query, for people; null if there is none. */
    static @Nullable String violation(BusinessCommand business) {
        return business.hasListConversations()
                ? violation(business.getActor(), business.getListConversations())
                : violation(business.getAsSystem(), business.getGetPresence());
    }

    private static @Nullable String violation(String actor, ListConversationsRequest request) {
        if (!UserId.isValid(actor)) {
            return "actor of listConversations is not allowed; it must match [A-Za-z0-9_.-]{1,64}";
        }
        if (request.getMode() == SyncMode.UNRECOGNIZED) {
            return "mode of listConversations is not known; FAST, INCREMENTAL and FULL are allowed";
        }
        if (request.getSince() < 0) {
            return "since of listConversations is " + request.getSince() + "; it must be at least 0";
        }
        return request.getAfter() < 0
                ? "after of listConversations is " + request.getAfter() + "; it must be at least 0"
                : null;
    }

    private static @Nullable String violation(boolean asSystem, GetPresenceRequest request) {
        if (!asSystem) {
            return "getPresence needs asSystem";
        }
        int users = request.getUserIdsCount();
        if (users < 1 || users > MAX_USERS) {
            return "userIds of getPresence has " + users + " entries; 1 to " + MAX_USERS + " are allowed";
        }
        return request.getUserIdsList().stream().allMatch(UserId::isValid)
                ? null
                : "userIds of getPresence has an entry that is not allowed; user ids must match [A-Za-z0-9_.-]{1,64}";
    }

    /**
     * Returns the commands, each with one reply. A repeated user gets one command.
     *
     * @param business is a query without {@link #violation}
     */
    static List<UserCommand> of(Origin receiver, BusinessCommand business) {
        Origin origin = receiver.toBuilder().setUnary(true).build();
        return business.hasListConversations()
                ? List.of(conversations(origin, business.getActor(), business.getListConversations()))
                : business.getGetPresence().getUserIdsList().stream()
                        .distinct()
                        .map(userId -> presence(origin, userId))
                        .toList();
    }

    private static UserCommand conversations(Origin origin, String userId, ListConversationsRequest request) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setSyncRequest(SyncRequest.newBuilder()
                        .setOrigin(origin)
                        .setMode(modeOf(request))
                        .setSince(request.getSince())
                        .setAfterVersion(request.getAfter()))
                .build();
    }

    private static SyncMode modeOf(ListConversationsRequest request) {
        if (request.getMode() != SyncMode.SYNC_MODE_UNSPECIFIED) {
            return request.getMode();
        }
        return request.getSince() > 0 ? SyncMode.INCREMENTAL : SyncMode.FULL;
    }

    private static UserCommand presence(Origin origin, String userId) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setWatchPresence(WatchPresence.newBuilder()
                        .setOrigin(origin)
                        .setMode(WatchPresence.Mode.ONCE)
                        .setVisibility(WatchPresence.Visibility.SYSTEM))
                .build();
    }
}
