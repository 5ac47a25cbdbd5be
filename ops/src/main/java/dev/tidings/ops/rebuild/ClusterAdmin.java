package dev.tidings.ops.rebuild;

import dev.tidings.schemas.settings.Settings;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Changes groups and topics of a cluster. Throws a {@link KafkaException} if Kafka does not answer in 30 s, or rejects a change. */
final class ClusterAdmin implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 30;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Admin admin;

    ClusterAdmin(Settings settings) {
        Map<String, Object> properties = new HashMap<>(settings.under("kafka.client."));
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.required("kafka.bootstrap-servers"));
        this.admin = Admin.create(properties);
    }

    /** @throws CannotRebuildException if one of the groups has members; names the role to stop */
    void requireNoMembers(Collection<String> groups, String role) {
        for (GroupListing group : answer(admin.listGroups().all())) {
            boolean isEmpty = group.groupState()
                    .filter(state -> state == GroupState.EMPTY || state == GroupState.DEAD)
                    .isPresent();
            if (groups.contains(group.groupId()) && !isEmpty) {
                throw new CannotRebuildException("group " + group.groupId() + " has members; stop all " + role
                        + ". Killed ones are members until their session ends, up to 45 s");
            }
        }
    }

    /** Returns the committed positions of a group; empty if the group does not exist. */
    Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, position) -> {
                    if (position != null) {
                        committed.put(partition, position.offset());
                    }
                });
        return committed;
    }

    /** Deletes a group without members, if it exists. */
    void deleteGroup(String group) {
        for (GroupListing found : answer(admin.listGroups().all())) {
            if (found.groupId().equals(group)) {
                boolean isStreams =
                        found.type().filter(type -> type == GroupType.STREAMS).isPresent();
                ignoringMissing(
                        isStreams
                                ? admin.deleteStreamsGroups(List.of(group)).all()
                                : admin.deleteConsumerGroups(List.of(group)).all());
            }
        }
    }

    /** Sets the positions of a group without members. */
    void commit(String group, Map<TopicPartition, Long> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        answer(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    void create(NewTopic topic) {
        answer(admin.createTopics(List.of(topic)).all());
    }

    /** Deletes topics. Returns once none of them exists. */
    void deleteTopics(Set<String> topics) {
        Set<String> existing = existing(topics);
        if (!existing.isEmpty()) {
            ignoringMissing(admin.deleteTopics(existing).all());
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!existing(topics).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new KafkaException(
                        "topics are not deleted within " + TIMEOUT_SECONDS + " s: " + existing(topics));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Returns the retention of a topic in milliseconds; -1: forever. */
    long retentionMillis(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = Objects.requireNonNull(
                answer(admin.describeConfigs(List.of(resource)).all()).get(resource), topic);
        return Long.parseLong(config.get(TopicConfig.RETENTION_MS_CONFIG).value());
    }

    void setRetentionMillis(String topic, long retentionMillis) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        answer(admin.incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMillis)),
                                AlterConfigOp.OpType.SET))))
                .all());
    }

    @Override
    public void close() {
        admin.close();
    }

    private Set<String> existing(Set<String> topics) {
        return answer(admin.listTopics().names()).stream()
                .filter(topics::contains)
                .collect(Collectors.toSet());
    }

    private static void ignoringMissing(KafkaFuture<Void> deletion) {
        try {
            answer(deletion);
        } catch (KafkaException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)
                    && !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw e;
            }
        }
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka rejects the request: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka does not answer within " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", e);
        }
    }
}
