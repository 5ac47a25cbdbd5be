package dev.tidings.gateway.follow;

import dev.tidings.v1.ConversationEvent;
import java.util.Set;

/** Who no longer belongs to a conversation after an event, and so no longer follows it. */
record Departures(boolean everyone, Set<String> userIds) {

    private static final Departures NOBODY = new Departures(false, Set.of());

    static Departures of(ConversationEvent event) {
        return switch (event.getBodyCase()) {
            case MEMBER_LEFT ->
                new Departures(false, Set.of(event.getMemberLeft().getUserId()));
            case MEMBERS_REMOVED ->
                new Departures(false, Set.copyOf(event.getMembersRemoved().getUserIdsList()));
            case GROUP_DISSOLVED -> new Departures(true, Set.of());
            case MESSAGE_SENT,
                    READ_ADVANCED,
                    MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    MESSAGES_DELETED,
                    REACTION_CHANGED,
                    PIN_CHANGED,
                    GROUP_CREATED,
                    GROUP_UPDATED,
                    MEMBERS_ADDED,
                    JOIN_REQUESTED,
                    JOIN_DECLINED,
                    ROLE_CHANGED,
                    OWNERSHIP_TRANSFERRED,
                    MEMBER_MUTED,
                    ALL_MUTED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    BLOCK_CHANGED,
                    REMARK_CHANGED,
                    DELIVERED_ADVANCED,
                    TYPING_STARTED,
                    BODY_NOT_SET -> NOBODY;
        };
    }

    boolean include(String userId) {
        return everyone || userIds.contains(userId);
    }
}
