package dev.tidings.ops.bench.measure;

import dev.tidings.ops.bench.measure.TopicTraffic.Volume;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** Reads the end offsets and log sizes of all topics of Tidings, changelogs included. The sizes count every replica. */
public final class TopicTrafficReader {

    private static final String PREFIX = "tidings";
    private static final int TIMEOUT_SECONDS = 15;

    private final Admin admin;

    public TopicTrafficReader(Admin admin) {
        this.admin = admin;
    }

    /** @throws KafkaException if the cluster does not answer within 15 s */
    public TopicTraffic read() {
        try {
            List<String> names = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
                    .filter(name -> name.startsWith(PREFIX))
                    .toList();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            admin.describeTopics(names)
                    .allTopicNames()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .forEach((name, topic) -> topic.partitions()
                            .forEach(info ->
                                    latest.put(new TopicPartition(name, info.partition()), OffsetSpec.latest())));
            Map<String, Volume> topics = new TreeMap<>();
            admin.listOffsets(latest)
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .forEach((partition, end) ->
                            topics.merge(partition.topic(), new Volume(end.offset(), 0), TopicTrafficReader::sum));
            List<Integer> brokers = admin.describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
                    .map(Node::id)
                    .toList();
            admin.describeLogDirs(brokers).allDescriptions().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).values().stream()
                    .flatMap(directories -> directories.values().stream())
                    .map(LogDirDescription::replicaInfos)
                    .forEach(replicas -> replicas.forEach((partition, replica) -> {
                        if (topics.containsKey(partition.topic())) {
                            topics.merge(partition.topic(), new Volume(0, replica.size()), TopicTrafficReader::sum);
                        }
                    }));
            return new TopicTraffic(topics);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("cannot read the traffic of topics: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while reading the traffic of topics", e);
        }
    }

    private static Volume sum(Volume one, Volume other) {
        return new Volume(one.records() + other.records(), one.bytes() + other.bytes());
    }
}
