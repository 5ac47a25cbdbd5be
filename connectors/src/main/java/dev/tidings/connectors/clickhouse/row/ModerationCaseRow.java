package dev.tidings.connectors.clickhouse.row;

import java.util.List;

/**
 * A message for a moderator to review.
 *
 * @param kinds per finding, such as {@code word}
 * @param found per finding: the rule's word, the link's host, or the medium's type and size
 * @param actions per finding, such as {@code mask}
 */
public record ModerationCaseRow(
        String conversationId,
        long seq,
        long messageSeq,
        String messageId,
        String sender,
        String contentType,
        String text,
        String content,
        List<String> kinds,
        List<String> found,
        List<String> actions,
        long atMillis)
        implements Row {

    static final Columns<ModerationCaseRow> COLUMNS = Columns.<ModerationCaseRow>builder()
            .string("conversation_id", ModerationCaseRow::conversationId)
            .int64("seq", ModerationCaseRow::seq)
            .int64("message_seq", ModerationCaseRow::messageSeq)
            .string("message_id", ModerationCaseRow::messageId)
            .string("sender", ModerationCaseRow::sender)
            .string("content_type", ModerationCaseRow::contentType)
            .string("text", ModerationCaseRow::text)
            .string("content", ModerationCaseRow::content)
            .strings("finding_kinds", ModerationCaseRow::kinds)
            .strings("finding_values", ModerationCaseRow::found)
            .strings("finding_actions", ModerationCaseRow::actions)
            .int64("found_at", ModerationCaseRow::atMillis)
            .build();

    public ModerationCaseRow {
        kinds = List.copyOf(kinds);
        found = List.copyOf(found);
        actions = List.copyOf(actions);
    }

    @Override
    public Table table() {
        return Table.MODERATION_CASES;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
