package dev.tidings.connectors.push;

import static java.util.Objects.requireNonNull;

import dev.tidings.connectors.Backoff;
import dev.tidings.connectors.PoisonRecords;
import dev.tidings.connectors.SinkVersion;
import dev.tidings.schemas.Topics;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifications to their targets. A put returns when each of them is settled and its outcome confirmed by Kafka; until then
 * Connect brings the same batch again, which goes on where it was, and commits nothing.
 */
public final class PushSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(PushSinkTask.class);

    private static final long FIRST_PAUSE_OF_OUTCOMES_MILLIS = 500;

    private final InstantSource clock;
    private final Patience patience;
    private final Function<PushSinkConfig, Outcomes> outcomesOf;
    private final Backoff outcomesBackoff = new Backoff(FIRST_PAUSE_OF_OUTCOMES_MILLIS);

    private @Nullable Webhook webhook;
    private @Nullable Attempts attempts;
    private @Nullable Outcomes outcomes;
    private @Nullable PoisonRecords poisonRecords;
    private @Nullable PushBatch inProgress;

    /** For Connect. */
    public PushSinkTask() {
        this(InstantSource.system(), RandomGenerator.getDefault(), config -> Outcomes.at(config.outcomesProducer()));
    }

    PushSinkTask(InstantSource clock, RandomGenerator chance, Function<PushSinkConfig, Outcomes> outcomesOf) {
        this.clock = clock;
        this.patience = new Patience(chance);
        this.outcomesOf = outcomesOf;
    }

    @Override
    public String version() {
        return SinkVersion.read();
    }

    @Override
    public void start(Map<String, String> properties) {
        PushSinkConfig config = new PushSinkConfig(properties);
        poisonRecords = PoisonRecords.of(context);
        outcomes = outcomesOf.apply(config);
        attempts = new Attempts(channels(config));
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (!partition.topic().equals(Topics.NOTIFICATIONS.name())) {
                throw new ConnectException("the push sink does not know what to do with topic " + partition.topic()
                        + "; it reads " + Topics.NOTIFICATIONS.name());
            }
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        PushBatch batch = begunOrNew(records);
        Map<PushDelivery, Answer> answers =
                requireNonNull(attempts, "start was not called").make(batch.due(clock.millis()));
        long nowMillis = clock.millis();
        answers.forEach((delivery, answer) -> delivery.answered(answer, nowMillis, patience));
        tell(batch);
        if (!batch.isSettled()) {
            context.timeout(Math.max(1, batch.untilDueMillis(nowMillis)));
            throw new RetriableException("some notifications are to be tried again");
        }
        inProgress = null;
        requireNonNull(poisonRecords).report(batch.poison());
    }

    @Override
    public void stop() {
        if (attempts != null) {
            attempts.close();
            attempts = null;
        }
        if (webhook != null) {
            webhook.close();
            webhook = null;
        }
        if (outcomes != null) {
            outcomes.close();
            outcomes = null;
        }
    }

    private Channels channels(PushSinkConfig config) {
        Map<String, Channel> channels = new HashMap<>();
        channels.put(Channels.LOG, new LogChannel());
        URI url = config.webhookUrl();
        if (url == null) {
            channels.put(Channels.WEBHOOK, Channels.refusing("no webhook is configured"));
        } else {
            webhook = new Webhook(url, config.webhookSecret(), config.webhookTimeout(), clock);
            channels.put(Channels.WEBHOOK, webhook);
        }
        return new Channels(channels);
    }

    private PushBatch begunOrNew(Collection<SinkRecord> records) {
        PushBatch batch = inProgress;
        if (batch == null || !batch.goesOnWith(records)) {
            batch = PushBatch.of(records, clock.millis());
            inProgress = batch;
        }
        return batch;
    }

    private void tell(PushBatch batch) {
        try {
            requireNonNull(outcomes).tell(batch.untold());
        } catch (org.apache.kafka.common.errors.RetriableException e) {
            long waitMillis = outcomesBackoff.afterFailureMillis();
            context.timeout(waitMillis);
            LOG.warn(
                    "push outcomes not written, will try again failures={} wait_ms={} reason={}",
                    outcomesBackoff.failures(),
                    waitMillis,
                    e.toString());
            throw new RetriableException("Kafka did not take the outcomes: " + e.getMessage(), e);
        } catch (KafkaException e) {
            throw new ConnectException("Kafka refuses the outcomes: " + e.getMessage(), e);
        }
        outcomesBackoff.succeeded();
        batch.told();
    }
}
