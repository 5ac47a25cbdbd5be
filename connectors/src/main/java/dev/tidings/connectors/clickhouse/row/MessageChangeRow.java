package dev.tidings.connectors.clickhouse.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An edit or a recall of a message.
 *
 * @param body the message's content after an edit; null for a recall
 * @param raw the event as it is in the log
 */
public record MessageChangeRow(
        String conversationId,
        long messageSeq,
        long eventSeq,
        long changedAtMillis,
        String changedBy,
        @Nullable MessageBody body,
        byte[] raw)
        implements Row {

    static final Columns<MessageChangeRow> COLUMNS = Columns.<MessageChangeRow>builder()
            .string("conversation_id", MessageChangeRow::conversationId)
            .int64("message_seq", MessageChangeRow::messageSeq)
            .int64("event_seq", MessageChangeRow::eventSeq)
            .int64("changed_at", MessageChangeRow::changedAtMillis)
            .string("changed_by", MessageChangeRow::changedBy)
            .bool("recalled", row -> row.body() == null)
            .string("content_type", row -> row.content().contentType())
            .string("text", row -> row.content().text())
            .string("content", row -> row.content().content())
            .strings("mentions", row -> row.content().mentions())
            .bool("mention_all", row -> row.content().mentionAll())
            .bool("masked", row -> row.content().masked())
            .bytes("raw", MessageChangeRow::raw)
            .strings("search_terms", row -> row.content().searchTerms())
            .build();

    private static final MessageBody RECALLED = new MessageBody("", "", "", List.of(), List.of(), false, false);

    @Override
    public Table table() {
        return Table.MESSAGE_CHANGES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }

    private MessageBody content() {
        return body == null ? RECALLED : body;
    }
}
