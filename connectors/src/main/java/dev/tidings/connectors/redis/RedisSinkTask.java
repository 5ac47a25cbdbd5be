package dev.tidings.connectors.redis;

import static java.util.Objects.requireNonNull;

import dev.tidings.connectors.Backoff;
import dev.tidings.connectors.PoisonRecord;
import dev.tidings.connectors.PoisonRecords;
import dev.tidings.connectors.RetryGauge;
import dev.tidings.connectors.SinkVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events and views to Redis, in one round trip per {@code put}. A put returns when each of its records is stored or
 * reported as poison; until then Connect delivers the same batch again and commits no offset.
 */
public final class RedisSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(RedisSinkTask.class);

    private @Nullable Redis redis;
    private @Nullable PoisonRecords poisonRecords;
    private final LongSupplier nanoTime;
    private Backoff backoff = new Backoff(0);
    private int recentEvents;

    /** For Connect. */
    public RedisSinkTask() {
        this(System::nanoTime);
    }

    RedisSinkTask(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public String version() {
        return SinkVersion.read();
    }

    @Override
    public void start(Map<String, String> properties) {
        RedisSinkConfig config = new RedisSinkConfig(properties);
        backoff = new Backoff(config.retryBackoffMillis(), nanoTime);
        RetryGauge.register(context, () -> backoff.failures());
        recentEvents = config.recentEvents();
        poisonRecords = PoisonRecords.of(context);
        redis = new Redis(config.url(), config.timeout(), recentEvents, config.ttl());
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (!Changes.TOPICS.contains(partition.topic())) {
                throw new ConnectException("the Redis sink does not know what to do with topic " + partition.topic()
                        + "; it reads " + Changes.TOPICS);
            }
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        long remainingMillis = backoff.remainingMillis();
        if (remainingMillis > 0) {
            context.timeout(remainingMillis);
            throw new RetriableException("the batch waits for its next attempt");
        }
        Changes changes = Changes.of(records, recentEvents);
        List<PoisonRecord> poison = new ArrayList<>(changes.poison());
        try {
            poison.addAll(requireNonNull(redis, "start was not called").store(changes.all()));
        } catch (RuntimeException e) {
            throw asConnectSays(e, records.size());
        }
        requireNonNull(poisonRecords).report(poison);
        if (backoff.failures() > 0) {
            LOG.info("redis recovered failures={} records={}", backoff.failures(), records.size());
            backoff.succeeded();
        }
    }

    @Override
    public void stop() {
        if (redis != null) {
            redis.close();
            redis = null;
        }
    }

    private ConnectException asConnectSays(RuntimeException failure, int records) {
        if (RedisFailure.of(failure) == RedisFailure.BROKEN) {
            return new ConnectException("Redis refuses writes: " + failure.getMessage(), failure);
        }
        long waitMillis = backoff.afterFailureMillis();
        context.timeout(waitMillis);
        LOG.warn(
                "redis write failed, will try again failures={} wait_ms={} records={} reason={}",
                backoff.failures(),
                waitMillis,
                records,
                failure.toString());
        return new RetriableException("Redis did not take the batch: " + failure.getMessage(), failure);
    }
}
