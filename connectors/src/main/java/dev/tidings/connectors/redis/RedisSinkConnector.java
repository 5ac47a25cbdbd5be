package dev.tidings.connectors.redis;

import dev.tidings.connectors.TidingsSinkConnector;

/** Keeps recent events and views in Redis. The work is {@link RedisSinkTask}'s. */
public final class RedisSinkConnector extends TidingsSinkConnector {

    public RedisSinkConnector() {
        super(RedisSinkTask.class, RedisSinkConfig.DEFINITION);
    }
}
