package dev.tidings.connectors.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisServerCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.util.List;
import java.util.function.Supplier;

/** A connection to one server, or to the servers of a cluster: a command goes to the server that has the slot of its key. */
public final class RedisConnection<K, V> implements AutoCloseable {

    private final StatefulConnection<K, V> connection;
    private final RedisClusterCommands<K, V> sync;
    private final RedisClusterAsyncCommands<K, V> async;
    private final Supplier<List<? extends RedisServerCommands<K, V>>> servers;
    private final boolean holdsBack;

    private RedisConnection(
            StatefulConnection<K, V> connection,
            RedisClusterCommands<K, V> sync,
            RedisClusterAsyncCommands<K, V> async,
            Supplier<List<? extends RedisServerCommands<K, V>>> servers,
            boolean holdsBack) {
        this.connection = connection;
        this.sync = sync;
        this.async = async;
        this.servers = servers;
        this.holdsBack = holdsBack;
    }

    static <K, V> RedisConnection<K, V> of(StatefulRedisConnection<K, V> server) {
        return new RedisConnection<>(server, server.sync(), server.async(), () -> List.of(server.sync()), true);
    }

    static <K, V> RedisConnection<K, V> of(StatefulRedisClusterConnection<K, V> cluster) {
        return new RedisConnection<>(
                cluster,
                cluster.sync(),
                cluster.async(),
                () -> cluster.getPartitions().stream()
                        .map(node -> cluster.getConnection(node.getNodeId()).sync())
                        .toList(),
                false);
    }

    public RedisClusterCommands<K, V> sync() {
        return sync;
    }

    public RedisClusterAsyncCommands<K, V> async() {
        return async;
    }

    /** Returns every server, replicas included, for commands without a key. */
    public List<? extends RedisServerCommands<K, V>> servers() {
        return servers.get();
    }

    /**
     * Holds commands back until {@link #flush} if this is one server. In a cluster each command is sent at once: the client repeats a
     * command itself after a slot has moved, and would hold that back, too.
     */
    void holdBackCommands() {
        connection.setAutoFlushCommands(!holdsBack);
    }

    /** Sends the commands that were held back. */
    void flush() {
        if (holdsBack) {
            connection.flushCommands();
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
