package dev.tidings.ops.bench.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Reads how many records the consumer groups of topologies and sinks have not committed yet. */
final class ConsumerLagReader {

    private static final String GROUP_NAME = "tidings";
    private static final int TIMEOUT_SECONDS = 15;

    private final Admin admin;
    private final List<String> groups;

    /** @throws KafkaException if the cluster does not list its groups within 15 s */
    ConsumerLagReader(Admin admin) {
        this.admin = admin;
        this.groups = await(admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .filter(group -> group.contains(GROUP_NAME))
                .toList();
    }

    /**
     * Returns the lag of each group that has committed a position.
     *
     * @throws KafkaException if the cluster does not answer within 15 s
     */
    Map<String, Long> read() {
        Map<String, ListConsumerGroupOffsetsSpec> wanted = new HashMap<>();
        groups.forEach(group -> wanted.put(group, new ListConsumerGroupOffsetsSpec()));
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
                await(admin.listConsumerGroupOffsets(wanted).all());
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        committed.values().forEach(offsets -> offsets.keySet().forEach(each -> ends.put(each, OffsetSpec.latest())));
        Map<TopicPartition, ListOffsetsResultInfo> newest =
                await(admin.listOffsets(ends).all());
        Map<String, Long> lag = new TreeMap<>();
        committed.forEach((group, offsets) -> offsets.forEach((partition, position) -> {
            ListOffsetsResultInfo end = newest.get(partition);
            if (position != null && end != null) {
                lag.merge(group, Math.max(0, end.offset() - position.offset()), Long::sum);
            }
        }));
        return lag;
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("cannot read the lag of consumer groups: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while reading the lag of consumer groups", e);
        }
    }
}
