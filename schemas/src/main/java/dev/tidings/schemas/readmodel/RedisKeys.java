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

    /** Hash: field conversation id, value the serialized {@code ConversationView}. */
    public static String views(String userId) {
        return "tidings:views:" + userId;
    }
}
