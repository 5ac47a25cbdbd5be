package dev.tidings.schemas.readmodel;

/** Keys in Redis. All of it can be dropped and rebuilt from the log. */
public final class RedisKeys {

    private RedisKeys() {}

    /** Sorted set: score seq, member the serialized {@code ConversationEvent}. The newest of the conversation. */
    public static String recentEvents(String conversationId) {
        return "tidings:recent:" + conversationId;
    }

    /**
     * Sorted set: score seq of a message, member the serialized {@code ConversationEvent} that edited or recalled it. Of the
     * recent events exactly those that change a message: both sets are written together. {@link #CHANGES_MARK} is in it
     * since the first recent event; where it is missing while there are recent events, one of the two was lost.
     */
    public static String changes(String conversationId) {
        return "tidings:changes:" + conversationId;
    }

    /** Member of {@link #changes} with score 0, which no message has. */
    public static final String CHANGES_MARK = "complete";

    /**
     * Hash: field conversation id, value what the conversation adds to the user's badge, where that is not 0. Field
     * {@link #BADGE_SUM} holds the sum of the others. It covers the views that this Redis has been given: broadcasts, and
     * views from before its data was lost, are missing. So its <i>changes</i> tell how a badge has changed.
     */
    public static String badge(String userId) {
        return "tidings:badge:" + userId;
    }

    /** Field of {@link #badge}, which no conversation has as its id. */
    public static final String BADGE_SUM = "";

    /** Hash: field conversation id, value the serialized {@code ConversationView}. */
    public static String views(String userId) {
        return "tidings:views:" + userId;
    }
}
