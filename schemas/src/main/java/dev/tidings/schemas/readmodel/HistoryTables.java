package dev.tidings.schemas.readmodel;

/** The tables in ClickHouse that gateways read. The whole schema is in the numbered migrations of the connectors. */
public final class HistoryTables {

    public static final String DATABASE = "tidings";

    /** Columns {@code conversation_id, seq, raw}, where raw is the serialized {@code ConversationEvent}. */
    public static final String EVENTS = DATABASE + ".events";

    /**
     * Edits and recalls: columns {@code conversation_id, message_seq, event_seq, recalled, raw}, where message_seq is the changed
     * message, and event_seq and raw are the {@code ConversationEvent} that changed it.
     */
    public static final String MESSAGE_CHANGES = DATABASE + ".message_changes";

    private HistoryTables() {}
}
