package dev.tidings.ops.verify;

/** A place that holds events of conversations. */
public enum Store {
    /** The topic {@code tidings.conversation-events}, the source of all others. */
    LOG("log"),
    /** The table {@code tidings.events}. */
    EVENTS("clickhouse events"),
    /** The table {@code tidings.messages}. */
    MESSAGES("clickhouse messages"),
    /** The recent events of each conversation. */
    REDIS("redis");

    private final String label;

    Store(String label) {
        this.label = label;
    }

    /** Returns the name in reports. */
    String label() {
        return label;
    }
}
