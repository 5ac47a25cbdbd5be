package dev.tidings.connectors.clickhouse.row;

import org.jspecify.annotations.Nullable;

/**
 * A message as it was sent. {@code ChangedMessages} applies later edits and recalls to its row.
 *
 * @param replyToSeq 0 if it is no reply
 * @param forwardedFromConversationId empty if it was not forwarded
 */
public record MessageRow(
        String conversationId,
        long seq,
        String messageId,
        String sender,
        String clientMsgId,
        MessageBody body,
        long messageIndex,
        long sentAtMillis,
        long replyToSeq,
        @Nullable Long expiresAtMillis,
        boolean asSystem,
        String forwardedFromConversationId,
        long forwardedFromSeq)
        implements Row {

    static final Columns<MessageRow> COLUMNS = Columns.<MessageRow>builder()
            .string("conversation_id", MessageRow::conversationId)
            .int64("seq", MessageRow::seq)
            .string("message_id", MessageRow::messageId)
            .string("sender", MessageRow::sender)
            .string("client_msg_id", MessageRow::clientMsgId)
            .string("content_type", row -> row.body().contentType())
            .string("text", row -> row.body().text())
            .string("content", row -> row.body().content())
            .int64("message_index", MessageRow::messageIndex)
            .int64("sent_at", MessageRow::sentAtMillis)
            .int64("version", MessageRow::seq)
            .nullableInt64("edited_at", row -> null)
            .bool("recalled", row -> false)
            .string("recalled_by", row -> "")
            .strings("mentions", row -> row.body().mentions())
            .bool("mention_all", row -> row.body().mentionAll())
            .bool("masked", row -> row.body().masked())
            .int64("reply_to_seq", MessageRow::replyToSeq)
            .nullableInt64("expires_at", MessageRow::expiresAtMillis)
            .bool("as_system", MessageRow::asSystem)
            .string("forwarded_from_conversation_id", MessageRow::forwardedFromConversationId)
            .int64("forwarded_from_seq", MessageRow::forwardedFromSeq)
            .strings("search_terms", row -> row.body().searchTerms())
            .build();

    @Override
    public Table table() {
        return Table.MESSAGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
