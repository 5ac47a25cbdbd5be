package dev.tidings.processors;

import dev.tidings.processors.supervision.DeadLetterProducer;
import dev.tidings.processors.supervision.ProgressWatch;
import dev.tidings.processors.supervision.Supervisor;
import dev.tidings.processors.supervision.TopologyMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs all topologies in this process, with the watches over transactions, gateways and progress. */
public final class StreamProcessors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamProcessors.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private record RunningTopology(
            String name, String groupId, Path stateDirectory, KafkaStreams streams, Supervisor supervisor) {
        void close() {
            CloseOptions options = CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
            if (streams.close(options)) {
                CleanShutdownFile.write(stateDirectory);
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
        List<AutoCloseable> watches = new ArrayList<>();
        for (PipelineStage pipeline : pipelines) {
            GroupUpgrade.prepare(config, pipeline);
            Path stateDirectory = config.stateDirectory().resolve(pipeline.applicationId());
            CleanShutdownFile.consume(stateDirectory);
            Supervisor supervisor = new Supervisor(pipeline.name(), letters);
            KafkaStreams streams =
                    new KafkaStreams(pipeline.topology(), StreamsSettings.of(config, pipeline, supervisor));
            streams.setUncaughtExceptionHandler(failure -> {
                supervisor.threadDied(failure);
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            });
            streams.setStateListener((now, before) ->
                    LOG.info("topology changed state topology={} from={} to={}", pipeline.name(), before, now));
            streams.start();
            started.add(new RunningTopology(
                    pipeline.name(), pipeline.applicationId(), stateDirectory, streams, supervisor));
            watches.add(TopologyMetrics.register(pipeline.name(), supervisor));
        }
        watches.add(TransactionWatch.start(
                config, started.stream().map(RunningTopology::groupId).toList()));
        watches.add(GatewayWatch.start(config));
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
