package dev.tidings.ops.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.ops.replay.Comparison.Candidate;
import dev.tidings.ops.replay.ReplayReport.PartitionResult;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Replays the recorded commands, one partition after the other, and compares the events. */
public final class Replay {

    private final KafkaLog log;
    private final ProcessorsConfig config;

    /** @param config of the topology; each partition has a directory of its own below the state directory */
    public Replay(KafkaLog log, ProcessorsConfig config) {
        this.log = log;
        this.config = config;
    }

    /**
     * Replays the partitions of the plan.
     *
     * @param progress called after each partition
     * @throws CannotReplayException if the log lacks something that the replay needs
     */
    public ReplayReport run(ReplayPlan plan, Consumer<PartitionResult> progress) {
        ReplayFindings findings = new ReplayFindings();
        List<PartitionResult> results = new ArrayList<>();
        for (int partition : partitions(plan)) {
            PartitionResult result = replay(partition, plan, findings);
            progress.accept(result);
            results.add(result);
        }
        return new ReplayReport(results, findings);
    }

    private SortedSet<Integer> partitions(ReplayPlan plan) {
        int count = log.partitions(Topics.COMMANDS.name());
        if (count == 0) {
            throw new CannotReplayException("there is no topic " + Topics.COMMANDS.name());
        }
        TreeSet<Integer> partitions = new TreeSet<>();
        if (!plan.partitions().isEmpty()) {
            partitions.addAll(plan.partitions());
        } else if (plan.concernsAll()) {
            IntStream.range(0, count).forEach(partitions::add);
        } else {
            plan.conversations().forEach(id -> partitions.add(partitionOf(id, count)));
        }
        if (partitions.last() >= count) {
            throw new CannotReplayException(
                    "there is no partition " + partitions.last() + ": " + Topics.COMMANDS.name() + " has " + count);
        }
        return partitions;
    }

    /** Returns the partition that Kafka's default partitioner chooses. */
    private static int partitionOf(String conversationId, int partitions) {
        return Utils.toPositive(Utils.murmur2(conversationId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private PartitionResult replay(int partition, ReplayPlan plan, ReplayFindings findings) {
        TopicPartition commands = new TopicPartition(Topics.COMMANDS.name(), partition);
        Bounds bounds = bounds(commands, new TopicPartition(Topics.CONVERSATION_EVENTS.name(), partition));
        Long start = start(commands, plan.from());
        long from = start == null ? bounds.decided() : start;
        Path state = config.stateDirectory().resolve("partition-" + partition);
        try (PartitionReader input = log.read(commands, 0, bounds.decided(), IsolationLevel.READ_UNCOMMITTED);
                RecordedEvents recorded = new RecordedEvents(bounds, plan);
                ConversationTask task = new ConversationTask(config.withStateDirectory(state))) {
            Comparison comparison = new Comparison(partition, recorded, findings);
            long replayed = 0;
            long compared = 0;
            for (ConsumerRecord<byte[], byte[]> command = input.next(); command != null; command = input.next()) {
                if (!concerns(plan, command)) {
                    continue;
                }
                boolean counts = command.offset() >= from && compared < plan.limit();
                replayed++;
                compared += counts ? 1 : 0;
                task.decide(command).forEach(event -> comparison.computed(event, counts));
            }
            comparison.end(from < bounds.decided() && compared < plan.limit());
            return new PartitionResult(partition, bounds.decided(), replayed, compared);
        }
    }

    private static boolean concerns(ReplayPlan plan, ConsumerRecord<byte[], byte[]> command) {
        if (plan.concernsAll()) {
            return true;
        }
        try {
            return command.value() != null && plan.concerns(Command.parseFrom(command.value()));
        } catch (InvalidProtocolBufferException e) {
            // no decision follows from it
            return false;
        }
    }

    private @Nullable Long start(TopicPartition commands, ReplayPlan.From from) {
        return switch (from) {
            case ReplayPlan.From.Earliest() -> 0L;
            case ReplayPlan.From.Offset(long offset) -> offset;
            case ReplayPlan.From.Time(var time) -> log.offsetAt(commands, time);
        };
    }

    /**
     * The range of a partition that can be compared while the topology is running. Commands and events commit together; so each
     * offset, read in this order, covers the one before.
     *
     * @param settled the end of the events that certainly follow from decided commands
     * @param decided the end of the commands whose decisions are committed
     * @param end the end of the events, after all that follow from decided commands
     */
    private record Bounds(TopicPartition events, long settled, long decided, long end) {}

    private Bounds bounds(TopicPartition commands, TopicPartition events) {
        requireFromBeginning(commands);
        requireFromBeginning(events);
        long settled = log.end(events, IsolationLevel.READ_COMMITTED);
        String group = ConversationTask.pipeline(config).applicationId();
        Long committed = log.committed(group, commands);
        if (committed == null && settled > 0) {
            throw new CannotReplayException("there are events in " + events + ", but the group " + group
                    + " has no committed offset in " + commands + ": the decided commands are unknown");
        }
        long decided = committed == null ? 0 : Math.min(committed, log.end(commands, IsolationLevel.READ_UNCOMMITTED));
        return new Bounds(events, settled, decided, log.end(events, IsolationLevel.READ_UNCOMMITTED));
    }

    private void requireFromBeginning(TopicPartition partition) {
        long begin = log.begin(partition);
        if (begin > 0) {
            throw new CannotReplayException(partition + " begins at offset " + begin
                    + ": earlier records are deleted, and every decision depends on all decisions before it");
        }
    }

    /** Reads the recorded events of a partition that are compared. */
    private final class RecordedEvents implements Comparison.Recorded, AutoCloseable {

        private final PartitionReader reader;
        private final ReplayPlan plan;
        private final long settled;

        RecordedEvents(Bounds bounds, ReplayPlan plan) {
            this.reader = log.read(bounds.events(), 0, bounds.end(), IsolationLevel.READ_COMMITTED);
            this.plan = plan;
            this.settled = bounds.settled();
        }

        @Override
        public @Nullable Candidate next() {
            for (ConsumerRecord<byte[], byte[]> next = reader.next(); next != null; next = reader.next()) {
                EventRecord event = EventRecord.recorded(next);
                // no topology has written an unreadable event, so it counts for every conversation
                if (event.event() == null || plan.concerns(event.event())) {
                    return new Candidate(event, next.offset() < settled);
                }
            }
            return null;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
