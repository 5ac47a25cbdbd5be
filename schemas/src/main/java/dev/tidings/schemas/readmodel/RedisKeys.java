package dev.tidings.schemas.readmodel;

import java.util.List;

/**
 * The keys in Redis. All values but those that gateways write can be dropped and rebuilt from the log.
 *
 * <p>Braces mark the part that selects the slot of a Redis Cluster. Keys that one script writes have the same one: both of a
 * conversation, and views and deleted events of a user.
 */
public final class RedisKeys {

    private static final String RECENT_EVENTS = "tidings:recent:";
    private static final String CHANGES = "tidings:changes:";
    private static final String BADGE = "tidings:badge:";
    private static final String PROFILES = "tidings:profile:";
    private static final String VIEWS = "tidings:views:";

    /** The beginnings of keys that can be filled from the log again. */
    private static final List<String> REBUILT = List.of(RECENT_EVENTS, CHANGES, VIEWS, BADGE, PROFILES);

    private RedisKeys() {}

    /** Whether the Redis sink fills the key from topics that are kept for ever. */
    public static boolean isRebuilt(String key) {
        return REBUILT.stream().anyMatch(key::startsWith);
    }

    /** Sorted set of the newest events: score seq, member the serialized {@code ConversationEvent}. */
    public static String recentEvents(String conversationId) {
        return RECENT_EVENTS + slot(conversationId);
    }

    /**
     * Sorted set of the edits, recalls, reactions and pins among the recent events: score the seq of the changed message, member the
     * serialized {@code ConversationEvent}. Both sets are written together, this one with {@link #CHANGES_MARK}. If the mark is missing while
     * there are recent events, Redis has lost one of the sets.
     */
    public static String changes(String conversationId) {
        return CHANGES + slot(conversationId);
    }

    /** The member of {@link #changes} with score 0. */
    public static final String CHANGES_MARK = "complete with reactions";

    /** Hash: the user's newest known badge, fields {@link #BADGE_UNREAD} and {@link #BADGE_VERSION}, decimal numbers. */
    public static String badge(String userId) {
        return BADGE + userId;
    }

    public static final String BADGE_UNREAD = "unread";

    public static final String BADGE_VERSION = "version";

    /**
     * Hash: the {@code UserProfile} of the directory, serialized, in the field {@link #PROFILE}, and its version as decimal text in
     * {@code version}. Does not expire.
     */
    public static String profile(String userId) {
        return PROFILES + userId;
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
        return VIEWS + slot(userId);
    }

    /**
     * Hash: field conversation id, value a serialized {@code ConversationView} with nothing but {@code deleted}. Without a field the user
     * has deleted nothing of the conversation for themselves. Does not expire.
     */
    public static String deletedEvents(String userId) {
        return "tidings:deleted:" + slot(userId);
    }

    private static String slot(String id) {
        return '{' + id + '}';
    }
}
