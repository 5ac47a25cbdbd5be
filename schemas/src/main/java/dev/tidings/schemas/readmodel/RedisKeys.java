package dev.tidings.schemas.readmodel;

/** Keys in Redis. All of it can be dropped and rebuilt from the log. */
public final class RedisKeys {

    private RedisKeys() {}

    /** Sorted set: score seq, member the serialized {@code ConversationEvent}. The newest of the conversation. */
    public static String recentEvents(String conversationId) {
        return "tidings:recent:" + conversationId;
    }

    /** Hash: field conversation id, value the serialized {@code ConversationView}. */
    public static String views(String userId) {
        return "tidings:views:" + userId;
    }
}
