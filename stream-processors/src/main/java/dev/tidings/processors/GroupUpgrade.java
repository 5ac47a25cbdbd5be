package dev.tidings.processors;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the positions of a group over to a topology with other stores or topics. A streams group keeps the topology
 * of its first member and rejects every other one ("Topology updates are not supported yet", Kafka 4.3). Without this
 * step, a version with one more store would never start on the data of the previous version.
 *
 * <p>Deletes the group once it has no members, and commits its positions again under the same name; the first new
 * member makes it a streams group. All processes of the old version must have stopped.
 */
final class GroupUpgrade {

    private static final Logger LOG = LoggerFactory.getLogger(GroupUpgrade.class);
    private static final int TIMEOUT_SECONDS = 30;

    /**
     * The longest wait for an empty group: a killed member stays until its session ends, after 45 s by the broker's
     * default.
     */
    private static final long EMPTY_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(90);

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private GroupUpgrade() {}

    /**
     * Returns when the topology can join its group.
     *
     * @throws KafkaException if members with another topology stay in the group
     */
    static void prepare(ProcessorsConfig config, PipelineStage pipeline) {
        Map<String, Object> properties = new HashMap<>(config.clientProperties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        try (Admin admin = Admin.create(properties)) {
            StreamsGroupDescription group = awaitEmptyOrSame(admin, pipeline);
            if (group != null && !topicsOf(group).equals(topicsOf(pipeline))) {
                carryOver(admin, pipeline);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("group " + pipeline.applicationId() + " cannot be prepared", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while preparing group " + pipeline.applicationId(), e);
        }
    }

    /** Returns null if the group does not exist. */
    private static @Nullable StreamsGroupDescription awaitEmptyOrSame(Admin admin, PipelineStage pipeline)
            throws ExecutionException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + EMPTY_WITHIN_NANOS;
        while (true) {
            StreamsGroupDescription group = describe(admin, pipeline.applicationId());
            if (group == null || group.members().isEmpty() || topicsOf(group).equals(topicsOf(pipeline))) {
                return group;
            }
            if (System.nanoTime() > deadline) {
                throw new KafkaException(
                        "group " + pipeline.applicationId() + " has "
                                + group.members().size()
                                + " members of a version with other stores or topics; stop all processors of that version first");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static @Nullable StreamsGroupDescription describe(Admin admin, String groupId)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            StreamsGroupDescription group = admin.describeStreamsGroups(List.of(groupId))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(groupId);
            return group == null || group.subtopologies().isEmpty() ? null : group;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return null;
            }
            throw e;
        }
    }

    private static void carryOver(Admin admin, PipelineStage pipeline)
            throws ExecutionException, InterruptedException, TimeoutException {
        String groupId = pipeline.applicationId();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        admin.listConsumerGroupOffsets(groupId)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .forEach((partition, position) -> {
                    if (position != null) {
                        positions.put(partition, position);
                    }
                });
        // logged, so that an operator can commit them if this process dies between the next two steps
        LOG.warn(
                "group changes its topology; its positions are carried over group={} positions={}", groupId, positions);
        admin.deleteStreamsGroups(List.of(groupId)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (!positions.isEmpty()) {
            admin.alterConsumerGroupOffsets(groupId, positions).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static Set<String> topicsOf(StreamsGroupDescription group) {
        Set<String> topics = new HashSet<>();
        group.subtopologies().forEach(subtopology -> {
            topics.addAll(subtopology.sourceTopics());
            topics.addAll(subtopology.stateChangelogTopics().keySet());
        });
        return topics;
    }

    private static Set<String> topicsOf(PipelineStage pipeline) {
        Set<String> topics = new HashSet<>(pipeline.inputs());
        topics.addAll(pipeline.changelogs());
        return topics;
    }
}
