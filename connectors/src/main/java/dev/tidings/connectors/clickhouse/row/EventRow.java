package dev.tidings.connectors.clickhouse.row;

/**
 * An event as it happened.
 *
 * @param kind the event's field in the contract, such as {@code message_sent}
 * @param actor the user who caused it; empty if the system did
 * @param body the event as JSON
 * @param raw the event as it is in the log
 */
public record EventRow(
        String conversationId,
        long seq,
        long messageIndex,
        long sentAtMillis,
        String commandId,
        String kind,
        String actor,
        String body,
        byte[] raw)
        implements Row {

    static final Columns<EventRow> COLUMNS = Columns.<EventRow>builder()
            .string("conversation_id", EventRow::conversationId)
            .int64("seq", EventRow::seq)
            .int64("message_index", EventRow::messageIndex)
            .int64("sent_at", EventRow::sentAtMillis)
            .string("command_id", EventRow::commandId)
            .string("kind", EventRow::kind)
            .string("actor", EventRow::actor)
            .string("body", EventRow::body)
            .bytes("raw", EventRow::raw)
            .build();

    @Override
    public Table table() {
        return Table.EVENTS;
    }

    @Override
    public void writeTo(RowBinary out) {
        COLUMNS.write(this, out);
    }
}
