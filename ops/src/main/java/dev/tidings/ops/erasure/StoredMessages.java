package dev.tidings.ops.erasure;

import com.clickhouse.client.api.Client;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.readmodel.SqlLiterals;
import dev.tidings.v1.ErasedMessage;
import dev.tidings.v1.LegalHold;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Finds messages in ClickHouse, their forwarded copies and quotes of them. */
final class StoredMessages {

    private static final String MESSAGE_COLUMNS =
            "conversation_id, seq, any(message_id), any(sender), any(client_msg_id), max(recalled)";

    /** Selects messages. */
    sealed interface Subject {

        /** The condition on a row of {@code messages}. */
        String condition();
    }

    /** One message. */
    record OfPlace(String conversationId, long seq) implements Subject {

        @Override
        public String condition() {
            return "conversation_id = " + SqlLiterals.quoted(conversationId) + " AND seq = " + seq;
        }
    }

    /** The messages of a user. */
    record OfSender(String userId) implements Subject {

        @Override
        public String condition() {
            return "sender = " + SqlLiterals.quoted(userId);
        }
    }

    private final Client client;

    StoredMessages(Client client) {
        this.client = client;
    }

    /** Returns the message at this place; empty: there is none. */
    List<StoredMessage> message(String conversationId, long seq) {
        return messages(new OfPlace(conversationId, seq).condition(), "", 1);
    }

    /**
     * Returns the key of a hold that protects one of the messages, a forwarded copy or a quote of one; empty: there is none.
     *
     * @param hasArchive whether events can be in the archive
     */
    String firstHeld(Subject subject, Collection<LegalHold> holds, boolean hasArchive) {
        String originals =
                "(SELECT conversation_id, seq FROM " + HistoryTables.MESSAGES + " WHERE " + subject.condition() + ')';
        for (LegalHold hold : holds) {
            String isHeld = hold.hasUserId()
                    ? "sender = " + SqlLiterals.quoted(hold.getUserId())
                    : "conversation_id = " + SqlLiterals.quoted(hold.getConversationId());
            // the originals of old copies and quotes can be past their retention
            String hasWords = subject instanceof OfSender sender
                    ? " OR (conversation_id, seq) IN (" + withWordsOf(sender.userId(), isHeld, hasArchive) + ')'
                    : "";
            String query = "SELECT 1 FROM " + HistoryTables.MESSAGES + " WHERE " + isHeld + " AND (("
                    + subject.condition() + ") OR (forwarded_from_conversation_id, forwarded_from_seq) IN " + originals
                    + " OR (conversation_id, reply_to_seq) IN " + originals + hasWords + ") LIMIT 1";
            if (!client.queryAll(query).isEmpty()) {
                return hold.hasUserId()
                        ? LegalHolds.ofUser(hold.getUserId())
                        : LegalHolds.ofConversation(hold.getConversationId());
            }
        }
        return "";
    }

    /** Returns a query of the messages of others that are forwarded copies of messages of a user, or quote one. */
    static String withWordsOf(String userId, String condition, boolean hasArchive) {
        String user = SqlLiterals.quoted(userId);
        String hasWords = "(JSONExtractString(body, 'messageSent', 'forwardedFrom', 'sender') = " + user
                + " OR JSONExtractString(body, 'messageSent', 'replyTo', 'sender') = " + user + ')';
        String candidates = "(conversation_id, seq) IN (SELECT conversation_id, seq FROM " + HistoryTables.MESSAGES
                + " WHERE (forwarded_from_conversation_id != '' OR reply_to_seq > 0) AND " + condition + ')';
        String query = "SELECT conversation_id, seq FROM %s WHERE " + candidates + " AND " + hasWords;
        return query.formatted(HistoryTables.EVENTS)
                + (hasArchive ? " UNION ALL " + query.formatted(HistoryTables.ARCHIVED_EVENTS) : "");
    }

    /**
     * Returns a page of the messages of a user, in the order of conversation and seq.
     *
     * @param after the last message of the page before; the default instance: none
     */
    List<StoredMessage> messagesOf(String userId, ErasedMessage after, int limit) {
        return messages(new OfSender(userId).condition() + isAfter(after), "", limit);
    }

    /** Returns a page of the forwarded copies of messages, as {@link #messagesOf} does. */
    List<StoredMessage> copiesOf(Collection<ErasedMessage> messages, ErasedMessage after, int limit) {
        return messages(
                "(forwarded_from_conversation_id, forwarded_from_seq) IN (" + positions(messages) + ')'
                        + isAfter(after),
                "",
                limit);
    }

    /**
     * Returns a page of the forwarded copies of messages of a user that still have words, as {@link #messagesOf} does: those whose originals
     * the retention has deleted.
     */
    List<StoredMessage> copiesOf(String userId, boolean hasArchive, ErasedMessage after, int limit) {
        String isCopy = "forwarded_from_conversation_id != ''";
        return messages(
                isCopy + isAfter(after) + " AND (conversation_id, seq) IN (" + withWordsOf(userId, isCopy, hasArchive)
                        + ')',
                " HAVING max(length(content)) > 0",
                limit);
    }

    private static String isAfter(ErasedMessage last) {
        return " AND (conversation_id, seq) > " + SqlLiterals.position(last.getConversationId(), last.getSeq());
    }

    /** Returns the users who are or were members of a group. */
    List<String> membersOf(String conversationId) {
        return client
                .queryAll("SELECT DISTINCT user_id FROM " + HistoryTables.MEMBER_CHANGES + " WHERE conversation_id = "
                        + SqlLiterals.quoted(conversationId))
                .stream()
                .map(row -> row.getString(1))
                .toList();
    }

    private List<StoredMessage> messages(String condition, String having, int limit) {
        return client
                .queryAll("SELECT " + MESSAGE_COLUMNS + " FROM " + HistoryTables.MESSAGES + " WHERE " + condition
                        + " GROUP BY conversation_id, seq" + having + " ORDER BY conversation_id, seq LIMIT " + limit)
                .stream()
                .map(row -> new StoredMessage(
                        ErasedMessage.newBuilder()
                                .setConversationId(row.getString(1))
                                .setSeq(row.getLong(2))
                                .setMessageId(row.getString(3))
                                .setSender(row.getString(4))
                                .setClientMsgId(row.getString(5))
                                .build(),
                        row.getBoolean(6)))
                .toList();
    }

    /** A list for IN of positions. */
    static String positions(Collection<ErasedMessage> messages) {
        return messages.stream()
                .map(message -> SqlLiterals.position(message.getConversationId(), message.getSeq()))
                .collect(Collectors.joining(", "));
    }
}
