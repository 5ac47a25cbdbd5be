package dev.tidings.connectors.push;

import static java.util.Objects.requireNonNull;

import dev.tidings.connectors.PoisonRecords;
import dev.tidings.connectors.SinkVersion;
import dev.tidings.schemas.Topics;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications to their targets. A put adds records and returns; {@link PushDispatcher} attempts them. Only settled records,
 * those with a confirmed outcome or a confirmed retry, are committed.
 */
public final class PushSinkTask extends SinkTask {

    /** The topics that this sink reads. */
    private static final Set<String> TOPICS = Set.of(Topics.NOTIFICATIONS.name(), Topics.PUSH_RETRIES.name());

    private final InstantSource clock;
    private final RetrySchedule retrySchedule;
    private final Function<PushSinkConfig, PushProducer> logOf;
    private final Set<TopicPartition> assigned = new HashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    private @Nullable Webhook webhook;
    private @Nullable RedisSendTimeState redis;
    private @Nullable PushProducer log;
    private @Nullable PushDispatcher dispatcher;
    private @Nullable PoisonRecords poisonRecords;

    /** For Connect. */
    public PushSinkTask() {
        this(
                InstantSource.system(),
                new RetrySchedule(RandomGenerator.getDefault()),
                config -> PushProducer.at(config.outcomesProducer()));
    }

    PushSinkTask(InstantSource clock, RetrySchedule retrySchedule, Function<PushSinkConfig, PushProducer> logOf) {
        this.clock = clock;
        this.retrySchedule = retrySchedule;
        this.logOf = logOf;
    }

    @Override
    public String version() {
        return SinkVersion.read();
    }

    @Override
    public void start(Map<String, String> properties) {
        PushSinkConfig config = new PushSinkConfig(properties);
        poisonRecords = PoisonRecords.of(context);
        PushProducer pushLog = logOf.apply(config);
        log = pushLog;
        dispatcher = PushDispatcher.start(channels(config), sendTimeStates(config), pushLog, retrySchedule, clock);
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (!TOPICS.contains(partition.topic())) {
                throw new ConnectException("the push sink does not know what to do with topic " + partition.topic()
                        + "; it reads " + TOPICS);
            }
        }
        assigned.addAll(partitions);
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        partitions.forEach(assigned::remove);
        partitions.forEach(paused::remove);
        if (dispatcher != null) {
            dispatcher.forget(partitions);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        PushDispatcher started = requireNonNull(dispatcher, "start was not called");
        started.requireHealthy();
        started.accept(records);
        started.report(requireNonNull(poisonRecords));
        TOPICS.forEach(topic -> readNoMoreThan(started, topic));
    }

    /** Returns the offsets of settled records, without waiting for those in flight. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> read) {
        return requireNonNull(dispatcher, "start was not called").committable(read);
    }

    @Override
    public void stop() {
        if (dispatcher != null) {
            dispatcher.close();
            dispatcher = null;
        }
        if (webhook != null) {
            webhook.close();
            webhook = null;
        }
        if (redis != null) {
            redis.close();
            redis = null;
        }
        if (log != null) {
            log.close();
            log = null;
        }
    }

    /** Pauses or resumes the topic's partitions. Connect calls put at least every second, so paused ones are resumed. */
    private void readNoMoreThan(PushDispatcher started, String topic) {
        boolean isFull = started.isFull(topic);
        for (TopicPartition partition : assigned) {
            if (partition.topic().equals(topic) && isFull != paused.contains(partition)) {
                if (isFull) {
                    context.pause(partition);
                    paused.add(partition);
                } else {
                    context.resume(partition);
                    paused.remove(partition);
                }
            }
        }
    }

    private SendTimeState.Source sendTimeStates(PushSinkConfig config) {
        String url = config.redisUrl();
        if (url == null) {
            return notification -> SendTimeState.UNKNOWN;
        }
        RedisSendTimeState states = new RedisSendTimeState(url);
        redis = states;
        return states;
    }

    private Channels channels(PushSinkConfig config) {
        Map<String, Channel> channels = new HashMap<>();
        channels.put(Channels.LOG, new LogChannel());
        URI url = config.webhookUrl();
        if (url == null) {
            channels.put(Channels.WEBHOOK, Channels.refusing("no webhook is configured"));
        } else {
            Webhook created = new Webhook(url, config.webhookSecret(), config.webhookTimeout(), clock);
            webhook = created;
            channels.put(Channels.WEBHOOK, created);
        }
        return new Channels(channels);
    }
}
