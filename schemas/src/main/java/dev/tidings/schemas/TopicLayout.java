package dev.tidings.schemas;

import dev.tidings.schemas.settings.Settings;

/**
 * The numbers of partitions. Fixed once a cluster holds data, because the partition of a key depends on them; only the gateway
 * slots may grow.
 *
 * @param conversations partitions of topics keyed by conversation ({@code topics.conversation-partitions})
 * @param users partitions of topics keyed by user ({@code topics.user-partitions})
 * @param gatewaySlots the maximum number of running gateways ({@code topics.gateway-slots})
 * @param replicationFactor copies of each partition ({@code topics.replication-factor}); 3 in production
 */
public record TopicLayout(int conversations, int users, int gatewaySlots, short replicationFactor) {

    public static TopicLayout from(Settings settings) {
        return new TopicLayout(
                settings.integer("topics.conversation-partitions", 8, 1, 10_000),
                settings.integer("topics.user-partitions", 8, 1, 10_000),
                settings.integer("topics.gateway-slots", 16, 1, 10_000),
                (short) settings.integer("topics.replication-factor", 1, 1, 9));
    }

    public int partitionsOf(Topic<?, ?> topic) {
        return switch (topic.partitioning()) {
            case CONVERSATIONS -> conversations;
            case USERS -> users;
            case GATEWAY_SLOTS -> gatewaySlots;
            case SINGLE -> 1;
        };
    }
}
