package dev.tidings.connectors.push;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.PushOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** What became of notifications, into {@code tidings.push-outcomes}. */
final class Outcomes implements AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofMillis(300);

    private final Producer<String, PushOutcome> producer;

    Outcomes(Producer<String, PushOutcome> producer) {
        this.producer = producer;
    }

    /** @param kafka how to reach it, as a producer's properties */
    static Outcomes at(Map<String, Object> kafka) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        // Shorter than Connect's patience with a put: what fails here is told again with the next one.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000L);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        return new Outcomes(new KafkaProducer<>(
                properties,
                Topics.PUSH_OUTCOMES.key().serializer(),
                Topics.PUSH_OUTCOMES.value().serializer()));
    }

    /**
     * Returns when Kafka has confirmed all of them.
     *
     * @throws KafkaException where it has not; some may be written all the same
     */
    void tell(List<PushOutcome> outcomes) {
        List<Future<?>> sent = new ArrayList<>(outcomes.size());
        for (PushOutcome outcome : outcomes) {
            sent.add(producer.send(
                    new ProducerRecord<>(Topics.PUSH_OUTCOMES.name(), outcome.getNotificationId(), outcome)));
        }
        producer.flush();
        for (Future<?> one : sent) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_WITHIN);
    }
}
