package dev.tidings.processors.supervision;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the committed positions of the topologies every two seconds and compares them with their input. Only a commit
 * proves progress: a thread that dies at the same record again and again still reads, computes and writes. Runs outside
 * the topologies, because it reads a clock.
 */
public final class ProgressWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int TIMEOUT_SECONDS = 15;

    private final Admin admin;
    private final Map<String, Supervisor> topologies;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private ProgressWatch(Admin admin, Map<String, Supervisor> topologies) {
        this.admin = admin;
        this.topologies = Map.copyOf(topologies);
        this.thread = Thread.ofPlatform().name("progress-watch").daemon().unstarted(this::run);
    }

    /**
     * Starts the watch.
     *
     * @param topologies supervisors by group id
     */
    public static ProgressWatch start(
            String bootstrapServers, Map<String, String> clientProperties, Map<String, Supervisor> topologies) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "tidings-progress-watch");
        ProgressWatch watch = new ProgressWatch(Admin.create(properties), topologies);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (admin) {
            while (!closing.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                for (Map.Entry<String, Supervisor> topology : topologies.entrySet()) {
                    observe(topology.getKey(), topology.getValue());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void observe(String groupId, Supervisor supervisor) throws InterruptedException {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(groupId)
                    .partitionsToOffsetAndMetadata()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            Map<TopicPartition, Long> offsets = new HashMap<>();
            committed.forEach((partition, offset) -> {
                if (offset != null) {
                    offsets.put(partition, offset.offset());
                }
            });
            supervisor.progress().observe(offsets, System.nanoTime());
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // without the broker no topology makes progress, and other checks report that
            LOG.warn("committed positions cannot be read; trying again group={}", groupId, e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
