package dev.tidings.gateway.api;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.history.SearchIndex;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.text.SearchPattern;
import dev.tidings.v1.Search;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checked search.
 *
 * @param conversation null: all conversations of the user
 */
record SearchRequest(SearchPattern pattern, @Nullable ConversationId conversation, SearchIndex.Query query, int limit) {

    static final int MAX_QUERY_BYTES = 256;
    static final int DEFAULT_HITS = 20;
    static final int MAX_HITS = 50;

    private static final int MAX_CURSOR_LENGTH = 400;
    private static final Set<String> CONTENT_TYPES = Set.of("", "text", "image", "video", "file", "location", "card");

    /** @throws RequestException if a value is not allowed */
    static SearchRequest of(Caller caller, Search search) {
        int bytes = search.getQuery().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_QUERY_BYTES) {
            throw invalid("query has " + bytes + " bytes; at most " + MAX_QUERY_BYTES + " are allowed");
        }
        SearchPattern pattern =
                search.getPrefix() ? SearchPattern.ofBeginning(search.getQuery()) : SearchPattern.of(search.getQuery());
        if (pattern.isEmpty()) {
            throw invalid("query has no letter, digit or symbol; at least one is necessary");
        }
        if (search.getLimit() < 0 || search.getLimit() > MAX_HITS) {
            throw invalid("limit is " + search.getLimit() + "; 0 to " + MAX_HITS + " are allowed");
        }
        if (!CONTENT_TYPES.contains(search.getContentType())) {
            throw invalid("contentType is \"" + search.getContentType()
                    + "\"; text, image, video, file, location and card are allowed");
        }
        if (search.getOrder() == Search.Order.UNRECOGNIZED) {
            throw invalid("order is " + search.getOrderValue() + "; NEWEST_FIRST and RELEVANCE are allowed");
        }
        String conversationId = search.getConversationId();
        ConversationId conversation = ConversationId.parse(conversationId);
        if (conversation == null && !conversationId.isEmpty()) {
            throw invalid("conversationId is not a conversation id: \"" + conversationId + '"');
        }
        return new SearchRequest(
                pattern,
                conversation,
                new SearchIndex.Query(
                        pattern.terms(),
                        pattern.beginning(),
                        caller.userId(),
                        conversationId,
                        search.getSender(),
                        search.getContentType(),
                        search.hasSentFrom() ? millis("sentFrom", search.getSentFrom()) : 0,
                        search.hasSentBefore() ? millis("sentBefore", search.getSentBefore()) : Long.MAX_VALUE,
                        search.getOrder(),
                        search.getCursor().isEmpty() ? null : position(search.getCursor(), search.getOrder())),
                search.getLimit() == 0 ? DEFAULT_HITS : search.getLimit());
    }

    private static long millis(String field, Timestamp time) {
        if (!Timestamps.isValid(time)) {
            throw invalid(field + " is not a time");
        }
        return Timestamps.toMillis(time);
    }

    static String cursor(SearchIndex.Position position) {
        String text = position.sentAtMillis() + " " + position.seq() + ' ' + position.terms() + ' '
                + position.conversationId();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SearchIndex.Position position(String cursor, Search.Order order) {
        if (cursor.length() <= MAX_CURSOR_LENGTH) {
            try {
                String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                String[] parts = text.split(" ", 4);
                if (parts.length == 4 && ConversationId.parse(parts[3]) != null) {
                    int terms = Integer.parseInt(parts[2]);
                    if (terms > 0 != (order == Search.Order.RELEVANCE)) {
                        throw invalid("cursor is a nextCursor of another order");
                    }
                    return new SearchIndex.Position(
                            Long.parseLong(parts[0]), parts[3], Long.parseLong(parts[1]), terms);
                }
            } catch (IllegalArgumentException e) {
                throw invalid("cursor is not a nextCursor of this server", e);
            }
        }
        throw invalid("cursor is not a nextCursor of this server");
    }

    private static RequestException invalid(String message) {
        return new RequestException(Errors.invalidArgument(message));
    }

    private static RequestException invalid(String message, Throwable cause) {
        RequestException invalid = invalid(message);
        invalid.initCause(cause);
        return invalid;
    }
}
