package dev.tidings.gateway.history;

import dev.tidings.schemas.readmodel.HistoryTables;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The SQL of a search. Reads no content. Without FINAL, so that the text index decides which blocks are read: an older version of a
 * message may be found, too, which the caller checks anyway.
 */
public final class SearchStatement {

    private final StringBuilder where = new StringBuilder();
    private final List<Object> values = new ArrayList<>();
    private final int limit;

    /** @param limit the most messages */
    public SearchStatement(SearchIndex.Query query, int limit) {
        this.limit = limit;
        String terms = String.join(", ", Collections.nCopies(query.terms().size(), "?"));
        where.append("hasAllTokens(search_terms, [").append(terms).append("])");
        values.addAll(query.terms());
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
        SearchIndex.Position after = query.after();
        if (after != null) {
            add(
                    "(sent_at, conversation_id, seq) < (fromUnixTimestamp64Milli(?, 'UTC'), ?, ?)",
                    after.sentAtMillis(),
                    after.conversationId(),
                    after.seq());
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
        where.append(" AND ").append(condition);
        values.addAll(List.of(bound));
    }

    /** Returns the statement, with a question mark for each of the {@link #values}. */
    public String sql() {
        return "SELECT conversation_id, seq, toUnixTimestamp64Milli(sent_at) FROM " + HistoryTables.MESSAGES + " WHERE "
                + where
                + " ORDER BY sent_at DESC, conversation_id DESC, seq DESC LIMIT 1 BY conversation_id, seq LIMIT "
                + limit;
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
