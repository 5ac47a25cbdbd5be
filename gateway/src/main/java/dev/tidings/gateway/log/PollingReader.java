package dev.tidings.gateway.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls a consumer in a thread of its own until it is closed. After a failure of Kafka it retries every second. */
final class PollingReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PollingReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long RETRY_SECONDS = 1;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Consumer<ConsumerRecords<byte[], byte[]>> receiver;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param name of the thread, for messages, too
     * @param consumer with its partition assigned and its position set; closed by this
     * @param receiver takes the records of each poll; an exception other than Kafka's ends the reader
     */
    PollingReader(
            String name, KafkaConsumer<byte[], byte[]> consumer, Consumer<ConsumerRecords<byte[], byte[]>> receiver) {
        this.consumer = consumer;
        this.receiver = receiver;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /**
     * @param offsetReset the position where the wanted one does not exist: {@code earliest} or {@code latest}
     * @param isolation {@code read_committed} or {@code read_uncommitted}
     */
    static KafkaConsumer<byte[], byte[]> consumer(
            String bootstrapServers,
            Map<String, String> clientProperties,
            String clientId,
            String offsetReset,
            String isolation) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, offsetReset);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void start() {
        thread.start();
    }

    boolean isRunning() {
        return thread.isAlive() && closing.getCount() > 0;
    }

    private void run() {
        try (consumer) {
            while (closing.getCount() > 0) {
                poll();
            }
        } catch (WakeupException e) {
            LOG.debug("reader closed reader={}", thread.getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void poll() throws InterruptedException {
        try {
            receiver.accept(consumer.poll(POLL));
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("records cannot be read; retrying reader={}", thread.getName(), e);
            if (closing.await(RETRY_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("reader closed while waiting reader={}", thread.getName());
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
