package dev.tidings.gateway.log;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.monitoring.LatencyHistogram;
import dev.tidings.schemas.GatewayGoneWriter;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.schemas.serde.GatewayRequests;
import dev.tidings.schemas.settings.ProducerSettings;
import dev.tidings.schemas.tracing.Tracing;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Command;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Origin;
import dev.tidings.v1.TokenRevocation;
import dev.tidings.v1.UserCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Appends commands to {@code commands}, {@code user-commands} and {@code directory-commands}, and the requests of operators to
 * their topics. A confirmed command is on all in-sync replicas.
 *
 * <p>The producer retries for as long as the gateway runs: a batch that timed out while a later one succeeded would reverse
 * the order of one client's commands. So the outcome of a command that Kafka has not confirmed in time is unknown, and the
 * command is still retried. A command that does not fit into the producer's buffer (32 MB) fails at once, and is not in the
 * log. Thread-safe.
 */
public final class CommandLog implements CommandAppender, OperatorLog, AutoCloseable {

    /** After this time the outcome of a command is unknown. */
    private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(15);

    private static final List<Topic<?, ?>> OPERATOR_TOPICS =
            List.of(Topics.BUSINESS, Topics.AUDIT, Topics.TOKEN_REVOCATIONS);

    /** Each takes 100 ms. */
    private static final int MAX_TOPIC_ATTEMPTS = 20;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Producer<String, byte[]> producer;
    private final Unconfirmed unconfirmed;
    private final LatencyHistogram appends;
    private final Meter failures;

    public CommandLog(String bootstrapServers, Map<String, String> clientProperties, MetricRegistry metrics) {
        this(producer(bootstrapServers, clientProperties), CONFIRM_WITHIN, metrics);
    }

    CommandLog(Producer<String, byte[]> producer, Duration confirmWithin, MetricRegistry metrics) {
        this.producer = producer;
        this.unconfirmed = new Unconfirmed(confirmWithin);
        this.appends = LatencyHistogram.register(metrics, "tidings.gateway.log.append.seconds");
        this.failures = metrics.meter("tidings.gateway.log.failures");
    }

    private static Producer<String, byte[]> producer(String bootstrapServers, Map<String, String> clientProperties) {
        Map<String, Object> properties = ProducerSettings.durable(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "tidings-gateway-commands");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        // the callers are the threads of the sockets: an error at once is better than all clients waiting
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 100);
        Tracing.addToProducer(properties);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Whether the producer knows the topics, so that appends do not wait for them. */
    public boolean isReady() {
        return knows(Topics.COMMANDS) && knows(Topics.USER_COMMANDS) && knows(Topics.DIRECTORY_COMMANDS);
    }

    @Override
    public void append(Command command, Consumer<@Nullable Exception> done) {
        append(Topics.COMMANDS, command.getConversationId(), command.toByteArray(), done);
    }

    @Override
    public void append(UserCommand command, Consumer<@Nullable Exception> done) {
        append(Topics.USER_COMMANDS, command.getUserId(), command.toByteArray(), done);
    }

    @Override
    public void append(DirectoryCommand command, Consumer<@Nullable Exception> done) {
        append(Topics.DIRECTORY_COMMANDS, command.getUser().getUserId(), command.toByteArray(), done);
    }

    @Override
    public void append(BusinessCommand request, Origin origin, Consumer<@Nullable Exception> done) {
        awaitOperatorTopics();
        String key = request.hasRules() ? GatewayRequests.RULES_KEY : request.getRequestId();
        append(
                new ProducerRecord<>(
                        Topics.BUSINESS.name(), null, key, request.toByteArray(), GatewayRequests.headers(origin)),
                done);
    }

    @Override
    public void append(TokenRevocation revocation, Consumer<@Nullable Exception> done) {
        append(Topics.TOKEN_REVOCATIONS, TokenSubject.of(revocation), revocation.toByteArray(), done);
    }

    @Override
    public void append(AuditRecord record, Consumer<@Nullable Exception> done) {
        awaitOperatorTopics();
        append(Topics.AUDIT, record.getTarget(), record.toByteArray(), done);
    }

    /** Waits until the producer knows the topics, which are seldom used: at most 2 s for each. An append fails otherwise. */
    private void awaitOperatorTopics() {
        for (Topic<?, ?> topic : OPERATOR_TOPICS) {
            boolean isKnown = false;
            for (int attempt = 0; attempt < MAX_TOPIC_ATTEMPTS && !isKnown; attempt++) {
                isKnown = knows(topic);
            }
        }
    }

    private boolean knows(Topic<?, ?> topic) {
        try {
            return !producer.partitionsFor(topic.name()).isEmpty();
        } catch (KafkaException e) {
            return false;
        }
    }

    private void append(Topic<?, ?> topic, String key, byte[] value, Consumer<@Nullable Exception> done) {
        append(new ProducerRecord<>(topic.name(), key, value), done);
    }

    private void append(ProducerRecord<String, byte[]> record, Consumer<@Nullable Exception> done) {
        long startNanos = System.nanoTime();
        Thread caller = Thread.currentThread();
        CompletableFuture<RecordMetadata> confirmed = unconfirmed.add();
        AtomicBoolean rejected = new AtomicBoolean();
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    appends.updateSince(startNanos);
                    confirmed.complete(metadata);
                } else {
                    // called before send returned: the command is not in the producer's buffer
                    rejected.set(Thread.currentThread() == caller);
                    confirmed.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            rejected.set(true);
            confirmed.completeExceptionally(e);
        }
        confirmed.whenComplete((metadata, failure) -> {
            if (failure == null) {
                done.accept(null);
            } else {
                failures.mark();
                done.accept(
                        rejected.get()
                                ? new KafkaException("the producer rejected the command", failure)
                                : new OutcomeUnknownException(failure));
            }
        });
    }

    /**
     * Writes the end of a gateway's epoch to all partitions, and returns once it is durable.
     *
     * @throws KafkaException if it is not durable within the timeout; some partitions may have it then
     */
    public void appendGone(GatewayGone gone, Duration timeout) {
        new GatewayGoneWriter(producer).write(gone, timeout);
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
        unconfirmed.close();
    }
}
