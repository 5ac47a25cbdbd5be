package dev.tidings.gateway.history;

import dev.tidings.v1.Search;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds messages by terms. The index lags behind live events as history does. */
public interface SearchIndex {

    /**
     * The place of a message in the order of the results.
     *
     * @param terms the number of the message's terms; 0 in the order of time
     */
    record Position(long sentAtMillis, String conversationId, long seq, int terms) {}

    /**
     * The conditions of a search; all of them must hold.
     *
     * @param terms terms that the message has ({@code SearchPattern}); not empty if there is no beginning
     * @param beginning text of three or more characters with which one of the message's terms begins; empty: any
     * @param userId whose conversations are searched if there is no conversation
     * @param conversationId empty: all private conversations, groups, former groups, and the system account of the user
     * @param sender empty: any
     * @param contentType empty: any
     * @param sentBeforeMillis exclusive; {@link Long#MAX_VALUE}: no limit
     * @param order newest first, or fewest terms first: the query is the largest part of these messages
     * @param after only messages behind this place in the order; null: from the first
     */
    record Query(
            List<String> terms,
            String beginning,
            String userId,
            String conversationId,
            String sender,
            String contentType,
            long sentFromMillis,
            long sentBeforeMillis,
            Search.Order order,
            @Nullable Position after) {

        public Query {
            terms = List.copyOf(terms);
        }
    }

    /**
     * Returns messages that may match, in the order of the query. Their present content may be another one, and the user may not be allowed to see
     * them: the caller checks both. May block.
     *
     * @throws RuntimeException if the index cannot be read now
     */
    List<Position> candidates(Query query, int limit);
}
