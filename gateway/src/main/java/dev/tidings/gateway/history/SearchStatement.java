package dev.tidings.gateway.history;

import dev.tidings.gateway.readmodel.ClickHouseReader;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.text.SearchTerms;
import dev.tidings.v1.Search;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a search. Reads no content. Without FINAL, so that the text index decides which blocks are read: an older version of a
 * message may be found, too, which the caller checks anyway.
 */
public final class SearchStatement {

    /** Messages with the words that the order of relevance compares: the newest ones. */
    private static final int MAX_COMPARED = 10_000;

    /** ClickHouse stops a search before the reader stops waiting for it. */
    private static final String SETTINGS =
            " SETTINGS max_execution_time = " + (ClickHouseReader.ANSWER_TIMEOUT_MILLIS / 1_000 - 1);

    private static final String TIME_ORDER = "sent_at DESC, conversation_id DESC, seq DESC";

    private final List<String> conditions = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private final Search.Order order;
    private final SearchIndex.@Nullable Position after;
    private final int limit;

    /** @param limit the most messages */
    public SearchStatement(SearchIndex.Query query, int limit) {
        this.order = query.order();
        this.after = query.after();
        this.limit = limit;
        if (!query.terms().isEmpty()) {
            String terms = String.join(", ", Collections.nCopies(query.terms().size(), "?"));
            add("hasAllTokens(search_terms, [" + terms + "])", query.terms().toArray());
        }
        if (!query.beginning().isEmpty()) {
            // by the index; messages that were stored before beginnings were terms are found by the whole word
            add("hasAnyTokens(search_terms, [?, ?])", SearchTerms.beginning(query.beginning()), query.beginning());
        }
        if (query.conversationId().isEmpty()) {
            addConversationsOf(query.userId());
        } else {
            add("conversation_id = ?", query.conversationId());
        }
        if (!query.sender().isEmpty()) {
            add("sender = ?", query.sender());
        }
        if (!query.contentType().isEmpty()) {
            add("content_type = ?", query.contentType());
        }
        if (query.sentFromMillis() > 0) {
            add("sent_at >= fromUnixTimestamp64Milli(?, 'UTC')", query.sentFromMillis());
        }
        if (query.sentBeforeMillis() < Long.MAX_VALUE) {
            add("sent_at < fromUnixTimestamp64Milli(?, 'UTC')", query.sentBeforeMillis());
        }
        if (!query.beginning().isEmpty()) {
            add("arrayExists(term -> startsWith(term, ?), search_terms)", query.beginning());
        }
        if (after != null) {
            addPlace(after);
        }
    }

    private void addPlace(SearchIndex.Position place) {
        if (order == Search.Order.RELEVANCE) {
            // of the outer query
            values.addAll(
                    List.of(place.terms(), place.terms(), place.sentAtMillis(), place.conversationId(), place.seq()));
        } else {
            add(
                    "(sent_at, conversation_id, seq) < (fromUnixTimestamp64Milli(?, 'UTC'), ?, ?)",
                    place.sentAtMillis(),
                    place.conversationId(),
                    place.seq());
        }
    }

    private void addConversationsOf(String userId) {
        add(
                "(startsWith(conversation_id, ?) OR (startsWith(conversation_id, 'p:') AND endsWith(conversation_id, ?))"
                        + " OR conversation_id = ? OR conversation_id IN (SELECT conversation_id FROM "
                        + HistoryTables.MEMBER_CHANGES + " WHERE user_id = ?))",
                "p:" + userId + ':',
                ':' + userId,
                "s:" + userId,
                userId);
    }

    private void add(String condition, Object... bound) {
        conditions.add(condition);
        values.addAll(List.of(bound));
    }

    /** Returns the statement, with a question mark for each of the {@link #values}. */
    public String sql() {
        return (order == Search.Order.RELEVANCE ? byRelevance() : byTime()) + SETTINGS;
    }

    /** Returns the query of the newest messages that meet the conditions. */
    private String newest(String columns, int count) {
        return "SELECT " + columns + " FROM " + HistoryTables.MESSAGES + " WHERE " + String.join(" AND ", conditions)
                + " ORDER BY " + TIME_ORDER + " LIMIT 1 BY conversation_id, seq LIMIT " + count;
    }

    private String byTime() {
        return newest("conversation_id, seq, toUnixTimestamp64Milli(sent_at), 0", limit);
    }

    /** Reads the number of terms of the newest messages only. It is that of the newest version; a recalled message has none. */
    private String byRelevance() {
        return """
                SELECT conversation_id, seq, toUnixTimestamp64Milli(sent), terms FROM (
                    SELECT conversation_id, seq, any(sent_at) AS sent, toInt32(argMax(length(search_terms), version)) AS terms
                    FROM %s WHERE (conversation_id, seq) IN (%s)
                    GROUP BY conversation_id, seq)
                WHERE terms > 0%s
                ORDER BY terms, sent DESC, conversation_id DESC, seq DESC LIMIT %d""".formatted(
                        HistoryTables.MESSAGES,
                        newest("conversation_id, seq", MAX_COMPARED),
                        after == null
                                ? ""
                                : " AND (terms > ? OR (terms = ? AND (sent, conversation_id, seq)"
                                        + " < (fromUnixTimestamp64Milli(?, 'UTC'), ?, ?)))",
                        limit);
    }

    /** Texts and numbers. */
    public List<Object> values() {
        return List.copyOf(values);
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }
}
