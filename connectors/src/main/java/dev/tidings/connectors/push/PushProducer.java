package dev.tidings.connectors.push;

import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.v1.PushOutcome;
import dev.tidings.v1.PushRetry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes to {@code tidings.push-outcomes} and retries to {@code tidings.push-retries}. Retries a failed write with growing
 * pauses until Kafka takes it.
 */
final class PushProducer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PushProducer.class);

    private static final Duration CLOSE_WITHIN = Duration.ofMillis(300);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final int MAX_DOUBLINGS = 5;
    private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Producer<String, byte[]> producer;
    private final AtomicLong nextLineNanos = new AtomicLong(System.nanoTime());
    /** Writes run on these threads, because a producer may block for metadata or memory. */
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("push-log-", 0).factory());

    PushProducer(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** @param kafka how to reach it, as a producer's properties */
    static PushProducer at(Map<String, Object> kafka) {
        Map<String, Object> properties = ProducerSettings.durable(kafka);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000L);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        return new PushProducer(new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()));
    }

    static ProducerRecord<String, byte[]> record(PushOutcome outcome) {
        return new ProducerRecord<>(Topics.PUSH_OUTCOMES.name(), outcome.getNotificationId(), outcome.toByteArray());
    }

    static ProducerRecord<String, byte[]> record(PushRetry retry) {
        return new ProducerRecord<>(
                Topics.PUSH_RETRIES.name(), retry.getNotification().getUserId(), retry.toByteArray());
    }

    /**
     * Returns at once. Calls back on another thread: with null when Kafka has confirmed the record, or with the reason of a final
     * refusal. Does not call back after {@link #close}.
     */
    void write(ProducerRecord<String, byte[]> record, Consumer<@Nullable Exception> settled) {
        write(record, settled, 0);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        producer.close(CLOSE_WITHIN);
    }

    private void send(ProducerRecord<String, byte[]> record, Consumer<@Nullable Exception> settled, int failures) {
        try {
            producer.send(record, (at, failure) -> answered(record, settled, failures, failure));
        } catch (KafkaException e) {
            answered(record, settled, failures, e);
        } catch (IllegalStateException e) {
            if (!threads.isShutdown()) {
                throw e;
            }
        }
    }

    private void answered(
            ProducerRecord<String, byte[]> record,
            Consumer<@Nullable Exception> settled,
            int failures,
            @Nullable Exception failure) {
        if (threads.isShutdown()) {
            return;
        }
        if (!(failure instanceof RetriableException)) {
            settled.accept(failure);
            return;
        }
        long waitMillis = FIRST_PAUSE_MILLIS << Math.min(failures, MAX_DOUBLINGS);
        long nowNanos = System.nanoTime();
        long lineNanos = nextLineNanos.get();
        if (nowNanos - lineNanos >= 0 && nextLineNanos.compareAndSet(lineNanos, nowNanos + LOG_EVERY_NANOS)) {
            LOG.warn(
                    "push outcomes not written, will try again topic={} failures={} wait_ms={} reason={}",
                    record.topic(),
                    failures + 1,
                    waitMillis,
                    failure.toString());
        }
        CompletableFuture.delayedExecutor(waitMillis, TimeUnit.MILLISECONDS)
                .execute(() -> write(record, settled, failures + 1));
    }

    private void write(ProducerRecord<String, byte[]> record, Consumer<@Nullable Exception> settled, int failures) {
        try {
            threads.execute(() -> send(record, settled, failures));
        } catch (RejectedExecutionException e) {
            // closed: the notification is read again
        }
    }
}
