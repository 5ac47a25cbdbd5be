package dev.tidings.gateway.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds messages by terms. The index lags behind live events as history does. */
public interface SearchIndex {

    /** The place of a message in the order of the results. */
    record Position(long sentAtMillis, String conversationId, long seq) {}

    /**
     * The conditions of a search; all of them must hold.
     *
     * @param terms terms that the message has ({@code SearchPattern}); not empty
     * @param userId whose conversations are searched if there is no conversation
     * @param conversationId empty: all private conversations, groups, former groups, and the system account of the user
     * @param sender empty: any
     * @param contentType empty: any
     * @param sentBeforeMillis exclusive; {@link Long#MAX_VALUE}: no limit
     * @param after only messages behind this place, which are older; null: from the newest
     */
    record Query(
            List<String> terms,
            String userId,
            String conversationId,
            String sender,
            String contentType,
            long sentFromMillis,
            long sentBeforeMillis,
            @Nullable Position after) {

        public Query {
            terms = List.copyOf(terms);
        }
    }

    /**
     * Returns messages that may match, newest first. Their present content may be another one, and the user may not be allowed to see
     * them: the caller checks both. May block.
     *
     * @throws RuntimeException if the index cannot be read now
     */
    List<Position> candidates(Query query, int limit);
}
