package dev.tidings.ops.connect;

/** The consumer groups of the sinks, which hold their positions. */
public final class SinkGroups {

    public static final String CLICKHOUSE = "connect-" + Connectors.CLICKHOUSE;
    public static final String REDIS = "connect-" + Connectors.REDIS;

    private SinkGroups() {}
}
