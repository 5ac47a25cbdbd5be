package dev.tidings.ops.verify;

import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.connect.SinkGroups;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.verify.VerificationWindows.Offsets;
import dev.tidings.ops.verify.VerificationWindows.Window;
import dev.tidings.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Compares ClickHouse and Redis with the log, partition by partition. */
public final class Verification {

    private static final String TOPIC = Topics.CONVERSATION_EVENTS.name();

    private final KafkaLog log;
    private final ConnectorsConfig config;
    private final int maxConversations;

    public Verification(KafkaLog log, ConnectorsConfig config) {
        this(log, config, LogTally.MAX_CONVERSATIONS);
    }

    /** @param maxConversations of one partition */
    Verification(KafkaLog log, ConnectorsConfig config, int maxConversations) {
        this.log = log;
        this.config = config;
        this.maxConversations = maxConversations;
    }

    /**
     * Compares.
     *
     * @param wanted the partitions; empty: all
     * @param oneIn compares one in so many conversations, chosen by a hash of their ids; 1: all
     * @param progress receives the result of each partition
     * @throws CannotVerifyException if the topic or a partition does not exist, or a partition has too many conversations
     */
    public VerificationReport run(
            Set<Integer> wanted, int oneIn, Consumer<VerificationReport.PartitionResult> progress) {
        int partitions = partitions();
        for (int partition : wanted) {
            if (partition >= partitions) {
                throw new CannotVerifyException(
                        "partition " + partition + " does not exist; " + TOPIC + " has " + partitions);
            }
        }
        Discrepancies discrepancies = new Discrepancies();
        List<VerificationReport.PartitionResult> results = new ArrayList<>();
        try (ClickHouseCopy clickHouse = clickHouse();
                RedisCopy redis = new RedisCopy(config.redisUrl())) {
            for (int number = 0; number < partitions; number++) {
                if (wanted.isEmpty() || wanted.contains(number)) {
                    TopicPartition partition = new TopicPartition(TOPIC, number);
                    long begin = log.begin(partition);
                    Window all = new Window(number, begin, storedByAllSinks(partition), true);
                    LogTally tally = new LogTally(
                            begin == 0, clickHouse.removedUpTo(number, partitions), discrepancies, maxConversations);
                    PartitionLog compared = new PartitionLog(log, all, partitions, oneIn);
                    VerificationReport.PartitionResult result =
                            new PartitionVerification(compared, tally, clickHouse, redis, discrepancies).run();
                    results.add(result);
                    progress.accept(result);
                }
            }
        }
        return new VerificationReport(results, discrepancies);
    }

    /**
     * Compares the next windows of a repeated verification. Finds no conversations that only ClickHouse has.
     *
     * @throws CannotVerifyException if the topic does not exist
     */
    VerificationReport runNext(VerificationWindows windows) {
        int partitions = partitions();
        List<Offsets> offsets = new ArrayList<>();
        for (int number = 0; number < partitions; number++) {
            TopicPartition partition = new TopicPartition(TOPIC, number);
            offsets.add(new Offsets(
                    log.begin(partition),
                    storedByAllSinks(partition),
                    log.end(partition, IsolationLevel.READ_COMMITTED)));
        }
        Discrepancies discrepancies = new Discrepancies();
        List<VerificationReport.PartitionResult> results = new ArrayList<>();
        try (ClickHouseCopy clickHouse = clickHouse();
                RedisCopy redis = new RedisCopy(config.redisUrl())) {
            for (Window window : windows.next(offsets)) {
                LogTally tally = new LogTally(
                        false, clickHouse.removedUpTo(window.partition(), partitions), discrepancies, maxConversations);
                PartitionLog compared = new PartitionLog(log, window, partitions, 1);
                results.add(new PartitionVerification(compared, tally, clickHouse, redis, discrepancies).run());
            }
        }
        return new VerificationReport(results, discrepancies);
    }

    private int partitions() {
        int partitions = log.partitions(TOPIC);
        if (partitions == 0) {
            throw new CannotVerifyException("topic " + TOPIC + " does not exist");
        }
        return partitions;
    }

    private ClickHouseCopy clickHouse() {
        return new ClickHouseCopy(
                config.clickHouseUrl(),
                config.clickHouseUser(),
                config.clickHousePassword(),
                config.clickHouseCluster());
    }

    /** Returns the offset up to which each sink has stored all records; 0 if a sink has committed nothing. */
    private long storedByAllSinks(TopicPartition partition) {
        long stored = Long.MAX_VALUE;
        for (String group : List.of(SinkGroups.CLICKHOUSE, SinkGroups.REDIS)) {
            @Nullable Long committed = log.committedByConsumers(group, partition);
            stored = Math.min(stored, committed == null ? 0 : committed);
        }
        return stored;
    }
}
