package dev.tidings.connectors.clickhouse.row;

import org.jspecify.annotations.Nullable;

/**
 * A notification without its text.
 *
 * @param atMillis when the message was appended to the log
 * @param targets number of devices
 */
public record NotificationRow(
        String notificationId,
        String userId,
        String conversationId,
        long seq,
        String messageId,
        String sender,
        long atMillis,
        @Nullable Long expiresAtMillis,
        long badge,
        long unread,
        boolean mentioned,
        long targets)
        implements Row {

    static final Columns<NotificationRow> COLUMNS = Columns.<NotificationRow>builder()
            .string("notification_id", NotificationRow::notificationId)
            .string("user_id", NotificationRow::userId)
            .string("conversation_id", NotificationRow::conversationId)
            .int64("seq", NotificationRow::seq)
            .string("message_id", NotificationRow::messageId)
            .string("sender", NotificationRow::sender)
            .int64("at", NotificationRow::atMillis)
            .nullableInt64("expires_at", NotificationRow::expiresAtMillis)
            .int64("badge", NotificationRow::badge)
            .int64("unread", NotificationRow::unread)
            .bool("mentioned", NotificationRow::mentioned)
            .int64("targets", NotificationRow::targets)
            .build();

    @Override
    public Table table() {
        return Table.NOTIFICATIONS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
