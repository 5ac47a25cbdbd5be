package dev.tidings.schemas.readmodel;

/** Tables in ClickHouse that gateways read; the SQL contract as a whole is the connectors' numbered migrations. */
public final class HistoryTables {

    public static final String DATABASE = "tidings";

    /** Columns {@code conversation_id, seq, raw}, where raw is the serialized {@code ConversationEvent}. */
    public static final String EVENTS = DATABASE + ".events";

    private HistoryTables() {}
}
