package dev.tidings.schemas.readmodel;

/** The keys in Redis. All values can be dropped and rebuilt from the log. */
public final class RedisKeys {

    private RedisKeys() {}

    /** Sorted set of the newest events: score seq, member the serialized {@code ConversationEvent}. */
    public static String recentEvents(String conversationId) {
        return "tidings:recent:" + conversationId;
    }

    /**
     * Sorted set of the edits and recalls among the recent events: score the seq of the changed message, member the serialized
     * {@code ConversationEvent}. Both sets are written together, this one with {@link #CHANGES_MARK}. If the mark is missing while
     * there are recent events, Redis has lost one of the sets.
     */
    public static String changes(String conversationId) {
        return "tidings:changes:" + conversationId;
    }

    /** The member of {@link #changes} with score 0. */
    public static final String CHANGES_MARK = "complete";

    /**
     * Hash: field conversation id, value the conversation's share of the user's badge if it is not 0. Field {@link #BADGE_SUM} has
     * the sum of the others. Broadcasts, and views from before Redis lost its data, are missing; so only differences of the sum are
     * meaningful.
     */
    public static String badge(String userId) {
        return "tidings:badge:" + userId;
    }

    /** The field of {@link #badge} with the sum; not a conversation id. */
    public static final String BADGE_SUM = "";

    /** Hash: field conversation id, value the serialized {@code ConversationView}. */
    public static String views(String userId) {
        return "tidings:views:" + userId;
    }
}
