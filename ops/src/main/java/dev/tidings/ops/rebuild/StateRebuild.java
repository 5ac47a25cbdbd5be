package dev.tidings.ops.rebuild;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.log.PartitionReader;
import dev.tidings.processors.PipelineStage;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.processors.StreamProcessors;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Rebuilds the state of DIRECTORY, CONVERSATION and INBOX from nothing. Deletes their groups and changelogs, and reads their inputs
 * from the beginning up to where the state was. Output other than the changelogs is dropped, because the log has it.
 *
 * <p>{@code tidings.inbox} is kept for a week only. So CONVERSATION writes it anew, behind its present end, and INBOX reads it from there.
 * No process of the role {@code processors} may run. Commands that arrive meanwhile are processed afterwards, by the first normal start.
 */
public final class StateRebuild {

    private static final String DIRECTORY = "directory";
    private static final String CONVERSATION = "conversation";
    private static final String INBOX = "inbox";
    private static final List<String> STAGES = List.of(DIRECTORY, CONVERSATION, INBOX);

    /** The topics from which everything follows. They must be complete. */
    private static final List<String> SOURCES =
            List.of(Topics.DIRECTORY_COMMANDS.name(), Topics.COMMANDS.name(), Topics.USER_COMMANDS.name());

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long FOREVER = -1;

    /** A topology whose threads fail this often does not recover by itself. */
    private static final int MAX_THREAD_DEATHS = 5;

    private final Settings settings;
    private final ProcessorsConfig config;
    private final KafkaLog log;
    private final Consumer<String> progress;

    /**
     * @param config with a state directory that is empty and not used afterwards
     * @param progress receives a line for each step
     */
    public StateRebuild(Settings settings, ProcessorsConfig config, Consumer<String> progress) {
        this.settings = settings;
        this.config = config;
        this.log = KafkaLog.of(settings);
        this.progress = progress;
    }

    /** Whether an earlier rebuild is unfinished. {@link #run} completes it. */
    public boolean isUnfinished() {
        return UnfinishedRebuild.find(log).isPresent();
    }

    /**
     * Checks that the rebuild is possible.
     *
     * @throws CannotRebuildException if processors run, or the beginning of a topic is deleted
     */
    public void check() {
        try (ClusterAdmin admin = new ClusterAdmin(settings)) {
            check(admin);
        }
    }

    /**
     * Rebuilds. If it fails, or the process ends, the topologies do not start until a further call has completed it.
     *
     * @throws CannotRebuildException if it is not possible; nothing is changed then
     * @throws KafkaException if Kafka does not answer, or a topology fails repeatedly
     */
    public void run() {
        try (ClusterAdmin admin = new ClusterAdmin(settings)) {
            check(admin);
            Optional<RebuildPlan> unfinished = UnfinishedRebuild.find(log);
            RebuildPlan plan = unfinished.orElseGet(() -> plan(admin));
            if (unfinished.isEmpty()) {
                UnfinishedRebuild.begin(log, admin, plan, config.layout().replicationFactor());
            }
            admin.setRetentionMillis(Topics.INBOX.name(), FOREVER);
            Map<TopicPartition, Long> inboxBegin = ends(Topics.INBOX.name());
            rebuild(admin, DIRECTORY, Map.of(), Set.of(), plan.inputEnds());
            rebuild(admin, CONVERSATION, Map.of(), Set.of(Topics.INBOX.name()), plan.inputEnds());
            Map<TopicPartition, Long> inboxEnds = new HashMap<>(plan.inputEnds());
            inboxEnds.putAll(ends(Topics.INBOX.name()));
            rebuild(admin, INBOX, inboxBegin, Set.of(), inboxEnds);
            admin.setRetentionMillis(Topics.INBOX.name(), plan.inboxRetentionMillis());
            UnfinishedRebuild.end(admin);
        }
    }

    private void check(ClusterAdmin admin) {
        admin.requireNoMembers(
                STAGES.stream().map(name -> stage(name).applicationId()).toList(), "processors");
        for (String topic : SOURCES) {
            for (TopicPartition partition : partitions(topic)) {
                long begin = log.begin(partition);
                if (begin > 0) {
                    throw new CannotRebuildException(partition + " begins at offset " + begin
                            + ": earlier records are deleted, and the state depends on them. Restore a backup instead");
                }
            }
        }
    }

    /** Processes the records that CONVERSATION has written to INBOX, and returns the positions of the state after them. */
    private RebuildPlan plan(ClusterAdmin admin) {
        PipelineStage inbox = stage(INBOX);
        Map<TopicPartition, Long> inboxEnds = ends(Topics.INBOX.name());
        if (!isRead(inbox, admin.committed(inbox.applicationId()), inboxEnds)) {
            progress.accept("processing the last records of " + Topics.INBOX.name());
            Path earlier = config.stateDirectory().resolve("earlier");
            try (StreamProcessors processors =
                    StreamProcessors.start(config.withStateDirectory(earlier), List.of(inbox))) {
                awaitRead(admin, inbox, processors, inboxEnds);
            }
        }
        Map<TopicPartition, Long> inputEnds = new HashMap<>();
        for (String name : STAGES) {
            PipelineStage stage = stage(name);
            Map<TopicPartition, Long> committed = admin.committed(stage.applicationId());
            for (String topic : stage.inputs()) {
                if (!topic.equals(Topics.INBOX.name())) {
                    partitions(topic)
                            .forEach(partition -> inputEnds.put(partition, committed.getOrDefault(partition, 0L)));
                }
            }
        }
        return new RebuildPlan(admin.retentionMillis(Topics.INBOX.name()), inputEnds);
    }

    /**
     * @param begin the first offset of partitions that are not read from their first record
     * @param outputs the topics that are written, besides changelogs
     */
    private void rebuild(
            ClusterAdmin admin,
            String name,
            Map<TopicPartition, Long> begin,
            Set<String> outputs,
            Map<TopicPartition, Long> ends) {
        PipelineStage stage = stage(name);
        Map<TopicPartition, Long> ownEnds = new HashMap<>(ends);
        ownEnds.keySet().removeIf(partition -> !stage.inputs().contains(partition.topic()));
        progress.accept("rebuilding " + stage.applicationId() + " from "
                + ownEnds.values().stream().mapToLong(end -> end).sum() + " offsets of " + stage.inputs());
        admin.deleteGroup(stage.applicationId());
        admin.deleteTopics(stage.changelogs());
        if (!begin.isEmpty()) {
            admin.commit(stage.applicationId(), begin);
        }
        try (StreamProcessors processors = StreamProcessors.startRebuild(config, stage, outputs, ownEnds)) {
            awaitRead(admin, stage, processors, ownEnds);
        }
    }

    /** Returns when the topology has committed all records before these offsets. */
    private void awaitRead(
            ClusterAdmin admin, PipelineStage stage, StreamProcessors processors, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> before = Map.of();
        while (true) {
            Map<TopicPartition, Long> committed = admin.committed(stage.applicationId());
            // the costly check is needed at the end only
            if (committed.equals(before) && isRead(stage, committed, ends)) {
                return;
            }
            if (processors.threadDeaths() > MAX_THREAD_DEATHS) {
                throw new KafkaException("threads of " + stage.applicationId()
                        + " die repeatedly; the log of this process has the reason");
            }
            before = committed;
            pause();
        }
    }

    private boolean isRead(PipelineStage stage, Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> {
            long position = committed.getOrDefault(end.getKey(), 0L);
            return position >= end.getValue() || isWithoutRecords(stage, end.getKey(), position, end.getValue());
        });
    }

    /** Whether a range has only the marks of transactions, for which a topology does not commit. */
    private boolean isWithoutRecords(PipelineStage stage, TopicPartition partition, long from, long to) {
        try (PartitionReader reader = log.read(partition, Math.max(from, log.begin(partition)), to, stage.reads())) {
            return reader.next() == null;
        }
    }

    private PipelineStage stage(String name) {
        return PipelineStage.all(config.layout(), config.storeKind(), config.sourceRights()).stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<TopicPartition> partitions(String topic) {
        int count = log.partitions(topic);
        if (count == 0) {
            throw new CannotRebuildException("topic " + topic + " does not exist");
        }
        return IntStream.range(0, count)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    private Map<TopicPartition, Long> ends(String topic) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        partitions(topic)
                .forEach(partition -> ends.put(partition, log.end(partition, IsolationLevel.READ_UNCOMMITTED)));
        return ends;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while the state is rebuilt", e);
        }
    }
}
