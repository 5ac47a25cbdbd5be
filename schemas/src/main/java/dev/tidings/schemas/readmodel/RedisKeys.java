package dev.tidings.schemas.readmodel;

/** The keys in Redis. All values but those that gateways write can be dropped and rebuilt from the log. */
public final class RedisKeys {

    private RedisKeys() {}

    /** Sorted set of the newest events: score seq, member the serialized {@code ConversationEvent}. */
    public static String recentEvents(String conversationId) {
        return "tidings:recent:" + conversationId;
    }

    /**
     * Sorted set of the edits, recalls, reactions and pins among the recent events: score the seq of the changed message, member the
     * serialized {@code ConversationEvent}. Both sets are written together, this one with {@link #CHANGES_MARK}. If the mark is missing while
     * there are recent events, Redis has lost one of the sets.
     */
    public static String changes(String conversationId) {
        return "tidings:changes:" + conversationId;
    }

    /** The member of {@link #changes} with score 0. */
    public static final String CHANGES_MARK = "complete with reactions";

    /** Hash: the user's newest known badge, fields {@link #BADGE_UNREAD} and {@link #BADGE_VERSION}, decimal numbers. */
    public static String badge(String userId) {
        return "tidings:badge:" + userId;
    }

    public static final String BADGE_UNREAD = "unread";

    public static final String BADGE_VERSION = "version";

    /**
     * Hash: the {@code UserProfile} of the directory, serialized, in the field {@link #PROFILE}, and its version as decimal text in
     * {@code version}. Does not expire.
     */
    public static String profile(String userId) {
        return "tidings:profile:" + userId;
    }

    /** The field of {@link #profile} with the serialized profile. */
    public static final String PROFILE = "profile";

    /** Number: messages that the user has sent through all gateways in the last minute at most. Gateways write it; it expires. */
    public static String messagesInMinute(String userId) {
        return "tidings:messages-in-minute:" + userId;
    }

    /**
     * Sorted set without scores: the users whose sessions at one gateway are in a room, by the gateway's slot and epoch. The gateway
     * writes it; it expires.
     */
    public static String roomUsers(String roomId, int gatewaySlot, long gatewayEpoch) {
        return "tidings:room-users:" + gatewaySlot + ':' + gatewayEpoch + ':' + roomId;
    }

    /** Marks a refresh token as used until it expires. A lost key lets it be used again. */
    public static String usedToken(String tokenId) {
        return "tidings:used-token:" + tokenId;
    }

    /** Hash: field conversation id, value the serialized {@code ConversationView} as of the user's own last change. */
    public static String views(String userId) {
        return "tidings:views:" + userId;
    }

    /**
     * Hash: field conversation id, value a serialized {@code ConversationView} with nothing but {@code deleted}. Without a field the user
     * has deleted nothing of the conversation for themselves. Does not expire.
     */
    public static String deletedEvents(String userId) {
        return "tidings:deleted:" + userId;
    }
}
