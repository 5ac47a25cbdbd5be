package dev.tidings.connectors.clickhouse;

import dev.tidings.connectors.TidingsSinkConnector;

/** Writes events, moderation cases, notifications and push outcomes to ClickHouse. The work is {@link ClickHouseSinkTask}'s. */
public final class ClickHouseSinkConnector extends TidingsSinkConnector {

    public ClickHouseSinkConnector() {
        super(ClickHouseSinkTask.class, ClickHouseSinkConfig.DEFINITION);
    }
}
