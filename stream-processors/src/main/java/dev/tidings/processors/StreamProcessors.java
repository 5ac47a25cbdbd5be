package dev.tidings.processors;

import dev.tidings.processors.store.StateStore;
import dev.tidings.processors.supervision.DeadLetterProducer;
import dev.tidings.processors.supervision.ProgressWatch;
import dev.tidings.processors.supervision.Supervisor;
import dev.tidings.processors.supervision.TopologyMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs all topologies in this process, with the watches over transactions, gateways and progress. */
public final class StreamProcessors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamProcessors.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** @param changelogIds returns the ids of the changelogs, for the stores on disk */
    private record RunningTopology(
            String name,
            String groupId,
            Path stateDirectory,
            Supplier<Map<String, String>> changelogIds,
            KafkaStreams streams,
            Supervisor supervisor) {

        void close() {
            CloseOptions options = CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
            if (streams.close(options)) {
                markCleanShutdown();
            }
        }

        private void markCleanShutdown() {
            try {
                CleanShutdownFile.write(stateDirectory, changelogIds.get());
            } catch (KafkaException e) {
                LOG.warn("clean shutdown not marked; the next start restores all stores topology={}", name, e);
            }
        }
    }

    private final List<RunningTopology> running;
    private final List<AutoCloseable> watches;
    private final DeadLetterProducer letters;

    private StreamProcessors(List<RunningTopology> running, List<AutoCloseable> watches, DeadLetterProducer letters) {
        this.running = running;
        this.watches = watches;
        this.letters = letters;
    }

    public static StreamProcessors start(ProcessorsConfig config) {
        return start(config, PipelineStage.all(config.layout(), config.storeKind(), config.sourceRights()));
    }

    /** Starts the given topologies only. */
    public static StreamProcessors start(ProcessorsConfig config, List<PipelineStage> pipelines) {
        DeadLetterProducer letters = new DeadLetterProducer(config.bootstrapServers(), config.clientProperties());
        List<RunningTopology> started = new ArrayList<>();
        for (PipelineStage pipeline : pipelines) {
            Supervisor supervisor = new Supervisor(pipeline.name(), letters);
            started.add(start(config, pipeline, supervisor, new DefaultKafkaClientSupplier()));
        }
        return watched(config, started, List.of(GatewayWatch.start(config)), letters);
    }

    /**
     * Starts one topology that rebuilds its state: it reads its input again and writes its changelogs. All other output is dropped,
     * because the log has it. The group must be at the beginning of its input, and its changelogs must be empty.
     *
     * @param outputs further topics to which output is written
     * @param inputEnds the offsets before which it stops reading; partitions that are not in it have no end
     */
    public static StreamProcessors startRebuild(
            ProcessorsConfig config, PipelineStage pipeline, Set<String> outputs, Map<TopicPartition, Long> inputEnds) {
        DeadLetterProducer letters = DeadLetterProducer.discarding();
        Set<String> written = new HashSet<>(outputs);
        written.addAll(pipeline.changelogs());
        RunningTopology started = start(
                config,
                pipeline,
                new Supervisor(pipeline.name(), letters, inputEnds),
                new RebuildClientSupplier(written));
        return watched(config, List.of(started), List.of(), letters);
    }

    private static RunningTopology start(
            ProcessorsConfig config, PipelineStage pipeline, Supervisor supervisor, KafkaClientSupplier clients) {
        GroupUpgrade.prepare(config, pipeline);
        Path stateDirectory = config.stateDirectory().resolve(pipeline.applicationId());
        Supplier<Map<String, String>> changelogIds =
                () -> config.storeKind() == StateStore.Kind.ROCKSDB ? ChangelogIds.of(config, pipeline) : Map.of();
        CleanShutdownFile.consume(stateDirectory, changelogIds);
        KafkaStreams streams =
                new KafkaStreams(pipeline.topology(), StreamsSettings.of(config, pipeline, supervisor), clients);
        streams.setUncaughtExceptionHandler(failure -> {
            supervisor.threadDied(failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.setStateListener((now, before) ->
                LOG.info("topology changed state topology={} from={} to={}", pipeline.name(), before, now));
        streams.start();
        return new RunningTopology(
                pipeline.name(), pipeline.applicationId(), stateDirectory, changelogIds, streams, supervisor);
    }

    private static StreamProcessors watched(
            ProcessorsConfig config,
            List<RunningTopology> started,
            List<AutoCloseable> furtherWatches,
            DeadLetterProducer letters) {
        List<AutoCloseable> watches = new ArrayList<>();
        started.forEach(topology -> watches.add(TopologyMetrics.register(topology.name(), topology.supervisor())));
        watches.add(TransactionWatch.start(
                config, started.stream().map(RunningTopology::groupId).toList()));
        watches.addAll(furtherWatches);
        Map<String, Supervisor> supervisors =
                started.stream().collect(Collectors.toMap(RunningTopology::groupId, RunningTopology::supervisor));
        watches.add(ProgressWatch.start(config.bootstrapServers(), config.clientProperties(), supervisors));
        return new StreamProcessors(List.copyOf(started), List.copyOf(watches), letters);
    }

    /** Returns true if every topology has its partitions, runs and makes progress. */
    public boolean isRunning() {
        return faults().isEmpty();
    }

    /** Returns one sentence for each fault; empty if all topologies are healthy. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (RunningTopology topology : running) {
            KafkaStreams.State state = topology.streams().state();
            if (state != KafkaStreams.State.RUNNING) {
                faults.add("topology " + topology.name() + " is not running: " + state);
            }
            faults.addAll(topology.supervisor().faults());
        }
        return faults;
    }

    /** Returns the number of thread deaths of all topologies since the start of the process. */
    public long threadDeaths() {
        return running.stream()
                .mapToLong(topology -> topology.supervisor().deaths())
                .sum();
    }

    @Override
    public void close() {
        watches.forEach(StreamProcessors::stop);
        running.forEach(topology -> topology.supervisor().close());
        // in parallel: each commits and leaves its group, which takes a moment
        List<Thread> closing = running.stream()
                .map(topology -> Thread.ofVirtual().start(topology::close))
                .toList();
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        letters.close();
    }

    private static void stop(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("a watch did not stop cleanly", e);
        }
    }
}
