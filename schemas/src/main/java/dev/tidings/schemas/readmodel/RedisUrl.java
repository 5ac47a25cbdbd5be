package dev.tidings.schemas.readmodel;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The URL of Redis ({@code redis.url}). The schemes {@code redis-cluster} and {@code rediss-cluster} (TLS) name a Redis Cluster by one or
 * more of its nodes, separated by commas: {@code redis-cluster://[user:password@]host:port[,host:port]…}. Every other scheme names one
 * server, or servers under Sentinel.
 *
 * @param nodes the URL with a scheme that the Redis client knows
 * @param isCluster the nodes belong to a Redis Cluster
 */
public record RedisUrl(String nodes, boolean isCluster) {

    /** The scheme of a cluster, by that of its nodes. */
    private static final Map<String, String> NODE_SCHEMES =
            Map.of("redis-cluster://", "redis://", "rediss-cluster://", "rediss://");

    private static final Set<String> SERVER_SCHEMES = Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel");

    public static RedisUrl of(String url) {
        for (Map.Entry<String, String> scheme : NODE_SCHEMES.entrySet()) {
            if (url.startsWith(scheme.getKey())) {
                return new RedisUrl(
                        scheme.getValue() + url.substring(scheme.getKey().length()), true);
            }
        }
        return new RedisUrl(url, false);
    }

    /** Returns the allowed schemes, sorted. */
    public static Set<String> schemes() {
        Set<String> schemes = new TreeSet<>(SERVER_SCHEMES);
        NODE_SCHEMES.keySet().forEach(prefix -> schemes.add(prefix.substring(0, prefix.indexOf(':'))));
        return schemes;
    }

    /** Omits the URL, which may contain a password. */
    @Override
    public String toString() {
        return isCluster ? "RedisUrl[cluster]" : "RedisUrl[]";
    }
}
