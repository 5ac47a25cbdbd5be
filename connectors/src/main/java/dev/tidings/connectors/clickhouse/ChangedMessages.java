package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.clickhouse.row.MessageChangeRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.Table;
import dev.tidings.schemas.readmodel.SqlLiterals;
import java.util.List;

/**
 * Brings rows of {@code messages} up to date with {@code message_changes}.
 *
 * <p>A row of {@code messages} is the only one that does not follow from its own record alone: an edit does not repeat the whole
 * message, and the recall of an old message holds little more than its seq. So ClickHouse joins the new row from the message as it was
 * sent and all its changes; the greatest seq among them is the row's version. A conversation's events come in order: a message is
 * stored before its changes, and one version is always made of the same changes. Writing it again, in any batches, writes the same
 * row. Any version of the message's row will do, without FINAL: the join takes only columns that no edit or recall changes (and the
 * kind of content only where there was no edit).
 */
final class ChangedMessages {

    private static final String STATEMENT = """
            INSERT INTO tidings.messages (%s)
            SELECT
                sent.conversation_id,
                sent.seq,
                sent.message_id,
                sent.sender,
                sent.client_msg_id,
                if(changed.edits > 0, changed.content_type, sent.content_type),
                if(changed.recalls > 0, '', changed.text),
                if(changed.recalls > 0, '', changed.content),
                sent.message_index,
                sent.sent_at,
                changed.last_seq,
                if(changed.edits > 0, changed.edited_at, NULL),
                changed.recalls > 0,
                changed.recalled_by,
                if(changed.recalls > 0, [], changed.mentions),
                changed.recalls = 0 AND changed.mention_all,
                changed.recalls = 0 AND changed.masked,
                sent.reply_to_seq,
                sent.expires_at,
                sent.as_system,
                sent.forwarded_from_conversation_id,
                sent.forwarded_from_seq,
                if(changed.recalls > 0, [], changed.search_terms)
            FROM
            (
                SELECT
                    conversation_id, seq, message_id, sender, client_msg_id, content_type, message_index, sent_at,
                    reply_to_seq, expires_at, as_system, forwarded_from_conversation_id, forwarded_from_seq
                FROM tidings.messages
                WHERE (conversation_id, seq) IN (%s)
                LIMIT 1 BY conversation_id, seq
            ) AS sent
            INNER JOIN
            (
                SELECT
                    changes.conversation_id AS conversation_id,
                    changes.message_seq AS message_seq,
                    max(changes.event_seq) AS last_seq,
                    countIf(changes.recalled) AS recalls,
                    countIf(NOT changes.recalled) AS edits,
                    argMaxIf(changes.changed_by, changes.event_seq, changes.recalled) AS recalled_by,
                    argMaxIf(changes.changed_at, changes.event_seq, NOT changes.recalled) AS edited_at,
                    argMaxIf(changes.content_type, changes.event_seq, NOT changes.recalled) AS content_type,
                    argMaxIf(changes.text, changes.event_seq, NOT changes.recalled) AS text,
                    argMaxIf(changes.content, changes.event_seq, NOT changes.recalled) AS content,
                    argMaxIf(changes.mentions, changes.event_seq, NOT changes.recalled) AS mentions,
                    argMaxIf(changes.mention_all, changes.event_seq, NOT changes.recalled) AS mention_all,
                    argMaxIf(changes.masked, changes.event_seq, NOT changes.recalled) AS masked,
                    argMaxIf(changes.search_terms, changes.event_seq, NOT changes.recalled) AS search_terms
                FROM tidings.message_changes AS changes
                WHERE (changes.conversation_id, changes.message_seq) IN (%s)
                GROUP BY changes.conversation_id, changes.message_seq
            ) AS changed ON changed.conversation_id = sent.conversation_id AND changed.message_seq = sent.seq
            """;

    private ChangedMessages() {}

    /** The statements to execute once these rows of {@code message_changes} are stored. Ignores rows of other tables. */
    static List<String> statements(List<Row> stored) {
        List<String> messages = stored.stream()
                .filter(MessageChangeRow.class::isInstance)
                .map(MessageChangeRow.class::cast)
                .map(change -> SqlLiterals.position(change.conversationId(), change.messageSeq()))
                .distinct()
                .toList();
        return SqlLiterals.lists(messages).stream()
                .map(list -> STATEMENT.formatted(String.join(", ", Table.MESSAGES.columns()), list, list))
                .toList();
    }
}
