package dev.tidings.processors;

import dev.tidings.schemas.GatewayGoneWriter;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GatewayGone;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a {@link GatewayGone} record to every partition of {@code commands} and {@code user-commands} when a gateway's
 * heartbeats stop. CONVERSATION and INBOX read no clock, so a timeout must reach them as a record. Every process with
 * topologies runs this watch; duplicate records have no effect.
 */
final class GatewayWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayWatch.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final TopicPartition BEATS = new TopicPartition(Topics.GATEWAYS.name(), 0);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final GatewayGoneWriter goneWriter;
    private final GatewayLiveness liveness;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    static GatewayWatch start(ProcessorsConfig config) {
        GatewayWatch watch = new GatewayWatch(config);
        watch.thread.start();
        return watch;
    }

    private GatewayWatch(ProcessorsConfig config) {
        Map<String, Object> consuming = new HashMap<>(config.clientProperties());
        consuming.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        consuming.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidings-gateway-watch");
        consuming.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer = new KafkaConsumer<>(consuming, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Map<String, Object> producing = ProducerSettings.durable(config.clientProperties());
        producing.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        producing.put(ProducerConfig.CLIENT_ID_CONFIG, "tidings-gateway-watch");
        producer = new KafkaProducer<>(producing, new StringSerializer(), new ByteArraySerializer());
        goneWriter = new GatewayGoneWriter(producer);
        liveness = new GatewayLiveness(config.layout().gatewaySlots(), nowMillis());
        thread = Thread.ofPlatform().name("gateway-watch").daemon().unstarted(this::run);
    }

    private void run() {
        try (consumer;
                producer) {
            consumer.assign(List.of(BEATS));
            while (closing.getCount() > 0) {
                watch();
            }
        } catch (WakeupException e) {
            // closing
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() throws InterruptedException {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(TICK)) {
                accept(record);
            }
            if (hasReadAll()) {
                for (GatewayGone gone : liveness.gone(nowMillis())) {
                    report(gone);
                    liveness.reported(gone);
                }
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("gateway heartbeats cannot be read; retrying", e);
            boolean closed = closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("gateway watch retries closing={}", closed);
        }
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            GatewayBeat beat = Topics.GATEWAYS.value().deserializer().deserialize(record.topic(), record.value());
            liveness.accept(beat, nowMillis());
        } catch (SerializationException e) {
            LOG.warn("gateway heartbeat cannot be read offset={}", record.offset(), e);
        }
    }

    /** Returns true if everything up to the end of the log has been read: only then does a missing heartbeat count. */
    private boolean hasReadAll() {
        Long end = consumer.endOffsets(List.of(BEATS), KAFKA_TIMEOUT).get(BEATS);
        return end != null && consumer.position(BEATS, KAFKA_TIMEOUT) >= end;
    }

    private void report(GatewayGone gone) {
        LOG.warn(
                "gateway sends no heartbeats; reporting it as gone slot={} epoch={} lastBeatAtSeconds={}",
                gone.getGatewaySlot(),
                gone.getGatewayEpoch(),
                gone.getLastBeatAt().getSeconds());
        goneWriter.write(gone, KAFKA_TIMEOUT);
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
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
