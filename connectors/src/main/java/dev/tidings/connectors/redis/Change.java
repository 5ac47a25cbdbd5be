package dev.tidings.connectors.redis;

import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.UserBadge;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** The changes of a batch under one Redis key, with the records that they come from. */
sealed interface Change {

    /** The records that are at fault if Redis refuses the change. */
    List<SinkRecord> origins();

    /**
     * A serialized event by its seq.
     *
     * @param changedSeq seq of the message that it edits or recalls; 0: none
     */
    record Entry(long seq, long changedSeq, byte[] event) {}

    /** More events of one conversation, in the order of the log. */
    record MoreEvents(String conversationId, List<Entry> entries, List<SinkRecord> origins) implements Change {}

    /**
     * A serialized view with its version.
     *
     * @param deleted the events that the user has deleted, as {@link RedisKeys#deletedEvents} stores them; empty: none
     */
    record View(String conversationId, long version, byte[] view, byte[] deleted) {}

    /** Views of one user, each of another conversation. */
    record NewerViews(String userId, List<View> views, List<SinkRecord> origins) implements Change {}

    /**
     * The newest profile of one user.
     *
     * @param version of the profile
     * @param profile serialized
     */
    record NewerProfile(String userId, long version, byte[] profile, List<SinkRecord> origins) implements Change {}

    /** The newest badge of one user. */
    record NewerBadge(String userId, UserBadge badge, List<SinkRecord> origins) implements Change {}
}
