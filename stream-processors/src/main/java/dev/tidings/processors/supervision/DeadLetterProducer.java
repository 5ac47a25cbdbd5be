package dev.tidings.processors.supervision;

import dev.tidings.schemas.settings.ProducerSettings;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters outside transactions: an exception that stops a topology aborts its transaction, with all its
 * writes. Connects at the first dead letter. Thread-safe.
 */
public final class DeadLetterProducer implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 30;

    private final boolean isDiscarding;
    private final Map<String, Object> config;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    public DeadLetterProducer(String bootstrapServers, Map<String, String> clientProperties) {
        this(bootstrapServers, clientProperties, false);
    }

    private DeadLetterProducer(String bootstrapServers, Map<String, String> clientProperties, boolean isDiscarding) {
        this.isDiscarding = isDiscarding;
        config = ProducerSettings.durable(clientProperties);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "tidings-dead-letters");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000 / 2);
    }

    /** Returns a producer that writes nothing: the dead letters of the input exist already. */
    public static DeadLetterProducer discarding() {
        return new DeadLetterProducer("", Map.of(), true);
    }

    /**
     * Returns when the dead letter is durable.
     *
     * @throws KafkaException if it cannot be written within {@value #TIMEOUT_SECONDS} s
     */
    void write(ConsumerRecord<byte[], byte[]> record, String reason) {
        if (isDiscarding) {
            return;
        }
        try {
            connected().send(DeadLetter.of(record, reason)).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("a dead letter cannot be written", e);
        }
    }

    private synchronized KafkaProducer<byte[], byte[]> connected() {
        if (producer == null) {
            producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
