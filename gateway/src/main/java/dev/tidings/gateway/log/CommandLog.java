package dev.tidings.gateway.log;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.Command;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.UserCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Appends what users ask for. Once confirmed, it is on all in-sync replicas.
 *
 * <p>The producer never gives up while the gateway runs: a batch that timed out while a later one went through would turn
 * around what one client said. So a command that Kafka has not confirmed in time is answered, and still tried. What it
 * cannot take into its buffer (32 MB) fails at once, and is not in the log.
 */
public final class CommandLog implements CommandAppender, AutoCloseable {

    /** Later than this a client is told that the outcome is unknown. */
    private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(15);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<String, byte[]> producer;
    private final Duration confirmWithin;
    private final Timer appends;
    private final Meter failures;

    public CommandLog(String bootstrapServers, Map<String, String> clientProperties, MetricRegistry metrics) {
        this(producer(bootstrapServers, clientProperties), CONFIRM_WITHIN, metrics);
    }

    CommandLog(Producer<String, byte[]> producer, Duration confirmWithin, MetricRegistry metrics) {
        this.producer = producer;
        this.confirmWithin = confirmWithin;
        this.appends = metrics.timer("tidings.gateway.log.appends");
        this.failures = metrics.meter("tidings.gateway.log.failures");
    }

    private static Producer<String, byte[]> producer(String bootstrapServers, Map<String, String> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidings-gateway-commands");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        // Callers are the sockets' own threads: better an error at once than all clients waiting.
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 100);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Whether the topics are known, so that the first append need not wait for them. */
    public boolean isReady() {
        try {
            return !producer.partitionsFor(Topics.COMMANDS.name()).isEmpty()
                    && !producer.partitionsFor(Topics.USER_COMMANDS.name()).isEmpty();
        } catch (KafkaException e) {
            return false;
        }
    }

    @Override
    public void append(Command command, Consumer<@Nullable Exception> done) {
        append(Topics.COMMANDS, command.getConversationId(), command.toByteArray(), done);
    }

    @Override
    public void append(UserCommand command, Consumer<@Nullable Exception> done) {
        append(Topics.USER_COMMANDS, command.getUserId(), command.toByteArray(), done);
    }

    private void append(Topic<?, ?> topic, String key, byte[] value, Consumer<@Nullable Exception> done) {
        Timer.Context timing = appends.time();
        Thread caller = Thread.currentThread();
        CompletableFuture<RecordMetadata> confirmed = new CompletableFuture<>();
        AtomicBoolean refused = new AtomicBoolean();
        try {
            producer.send(new ProducerRecord<>(topic.name(), key, value), (metadata, failure) -> {
                if (failure == null) {
                    timing.stop();
                    confirmed.complete(metadata);
                } else {
                    // before the call has returned: the producer did not take it into its buffer
                    refused.set(Thread.currentThread() == caller);
                    confirmed.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            refused.set(true);
            confirmed.completeExceptionally(e);
        }
        confirmed.orTimeout(confirmWithin.toMillis(), TimeUnit.MILLISECONDS).whenComplete((metadata, failure) -> {
            if (failure == null) {
                done.accept(null);
            } else {
                failures.mark();
                done.accept(
                        refused.get()
                                ? new KafkaException("the producer did not take the command", failure)
                                : new OutcomeUnknownException(failure));
            }
        });
    }

    /**
     * Says in every partition, under an empty key, that a gateway is gone: to conversations and to users. Returns once it
     * is durable in all of them.
     *
     * @param patience how long Kafka may take
     * @throws KafkaException where it is not durable by then; it may be in some partitions
     */
    public void appendGone(GatewayGone gone, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Command command = Command.newBuilder()
                .setCommandId(CommandId.next())
                .setGatewayGone(gone)
                .build();
        UserCommand userCommand = UserCommand.newBuilder().setGatewayGone(gone).build();
        try {
            List<Future<RecordMetadata>> appended = new ArrayList<>();
            appended.addAll(appendEverywhere(Topics.COMMANDS, command.toByteArray(), deadline));
            appended.addAll(appendEverywhere(Topics.USER_COMMANDS, userCommand.toByteArray(), deadline));
            for (Future<RecordMetadata> append : appended) {
                append.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new KafkaException("that a gateway is gone could not be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing that a gateway is gone", e);
        }
    }

    private List<Future<RecordMetadata>> appendEverywhere(Topic<?, ?> topic, byte[] value, long deadline) {
        return partitions(topic, deadline).stream()
                .map(partition ->
                        producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), "", value)))
                .toList();
    }

    /** Right after the start the topic may not be known within the time that appends may block. */
    private List<PartitionInfo> partitions(Topic<?, ?> topic, long deadline) {
        while (true) {
            try {
                return producer.partitionsFor(topic.name());
            } catch (TimeoutException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
