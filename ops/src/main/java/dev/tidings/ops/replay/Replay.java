package dev.tidings.ops.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.ops.replay.Comparison.Candidate;
import dev.tidings.ops.replay.ReplayReport.Stretch;
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

/** Replays commands, partition by partition, and compares the events. */
public final class Replay {

    private final KafkaLog log;
    private final ProcessorsConfig config;

    /** @param config how the topology is run; below its state directory each partition gets one of its own */
    public Replay(KafkaLog log, ProcessorsConfig config) {
        this.log = log;
        this.config = config;
    }

    /**
     * Replays what the plan says, partition after partition.
     *
     * @param progress hears of each partition when it is done
     * @throws CannotReplayException where the log does not hold what is needed
     */
    public ReplayReport run(ReplayPlan plan, Consumer<Stretch> progress) {
        Findings findings = new Findings();
        List<Stretch> stretches = new ArrayList<>();
        for (int partition : partitions(plan)) {
            Stretch stretch = replay(partition, plan, findings);
            progress.accept(stretch);
            stretches.add(stretch);
        }
        return new ReplayReport(stretches, findings);
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

    /** As Kafka's partitioner finds it. */
    private static int partitionOf(String conversationId, int partitions) {
        return Utils.toPositive(Utils.murmur2(conversationId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private Stretch replay(int partition, ReplayPlan plan, Findings findings) {
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
            return new Stretch(partition, bounds.decided(), replayed, compared);
        }
    }

    private static boolean concerns(ReplayPlan plan, ConsumerRecord<byte[], byte[]> command) {
        if (plan.concernsAll()) {
            return true;
        }
        try {
            return command.value() != null && plan.concerns(Command.parseFrom(command.value()));
        } catch (InvalidProtocolBufferException e) {
            // decides nothing
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
     * What can be compared of a partition while work goes on in it. Commands and events commit together; so whatever is
     * asked for first is contained in what is asked for next.
     *
     * @param settled the end of the events that follow from decided commands for certain
     * @param decided the end of the commands whose decisions are committed
     * @param end the end of the events, beyond all that follow from decided commands
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
                    + " has no position in " + commands + ": it cannot be known which commands were decided");
        }
        long decided = committed == null ? 0 : Math.min(committed, log.end(commands, IsolationLevel.READ_UNCOMMITTED));
        return new Bounds(events, settled, decided, log.end(events, IsolationLevel.READ_UNCOMMITTED));
    }

    private void requireFromBeginning(TopicPartition partition) {
        long begin = log.begin(partition);
        if (begin > 0) {
            throw new CannotReplayException(partition + " begins at offset " + begin
                    + ": what came before is gone, and every decision depends on all that came before it");
        }
    }

    /** The events of a partition that are compared. */
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
                // one that cannot be read was never written by a topology, whichever conversation it may be of
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
