package dev.tidings.ops.connect;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.connector.policy.AllConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.AbstractStatus;
import org.apache.kafka.connect.runtime.Herder;
import org.apache.kafka.connect.runtime.Worker;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorInfo;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.util.ConnectorTaskId;
import org.apache.kafka.connect.util.FutureCallback;

/**
 * Connect's herder and worker, used without REST: starts, stops, restarts and reports connectors. {@link ConnectWorker} decides
 * about restarts.
 */
final class EmbeddedHerder {

    private static final long TIMEOUT_SECONDS = 30;

    private static final String RUNNING = AbstractStatus.State.RUNNING.name();
    private static final Set<String> FAILED =
            Set.of(AbstractStatus.State.FAILED.name(), AbstractStatus.State.DESTROYED.name());

    private final StandaloneHerder herder;

    private EmbeddedHerder(StandaloneHerder herder) {
        this.herder = herder;
    }

    /** @throws ConnectException if Kafka is not reachable */
    static EmbeddedHerder start(WorkerConfig config) {
        Plugins plugins = new Plugins(config.originalsStrings());
        ClassLoader before = plugins.compareAndSwapWithDelegatingLoader();
        try {
            AllConnectorClientConfigOverridePolicy overrides = new AllConnectorClientConfigOverridePolicy();
            String workerId = "embedded-" + ManagementFactory.getRuntimeMXBean().getName();
            Worker worker = new Worker(workerId, Time.SYSTEM, plugins, config, new NoSourceOffsets(), overrides);
            StandaloneHerder herder = new StandaloneHerder(worker, config.kafkaClusterId(), overrides);
            herder.start();
            return new EmbeddedHerder(herder);
        } finally {
            Plugins.compareAndSwapLoaders(before);
        }
    }

    /** @throws ConnectException if the configuration is rejected, or the connector does not start within 30 s */
    void startConnector(String name, Map<String, String> properties) {
        FutureCallback<Herder.Created<ConnectorInfo>> answer = new FutureCallback<>();
        herder.putConnectorConfig(name, properties, true, answer);
        try {
            answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new ConnectException("connector " + name + " does not start: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new ConnectException("connector " + name + " did not start within " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while starting connector " + name, e);
        }
    }

    /** Whether the connector and all its tasks run. */
    boolean isRunning(String name, int tasks) {
        try {
            ConnectorStateInfo status = herder.connectorStatus(name);
            return status.connector().state().equals(RUNNING)
                    && status.tasks().size() == tasks
                    && status.tasks().stream().allMatch(task -> task.state().equals(RUNNING));
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Returns the connector if it has failed, and its failed tasks. */
    List<FailedPart> failed(String name) {
        ConnectorStateInfo status;
        try {
            status = herder.connectorStatus(name);
        } catch (NotFoundException e) {
            return List.of();
        }
        List<FailedPart> failed = new ArrayList<>();
        if (FAILED.contains(status.connector().state())) {
            failed.add(new FailedPart(name, null, firstLine(status.connector().trace())));
        }
        for (ConnectorStateInfo.TaskState task : status.tasks()) {
            if (FAILED.contains(task.state())) {
                failed.add(new FailedPart(name, task.id(), firstLine(task.trace())));
            }
        }
        return failed;
    }

    /** Restarts a connector or task, without waiting for the result. */
    void restart(FailedPart part) {
        FutureCallback<Void> ignored = new FutureCallback<>();
        Integer task = part.task();
        if (task == null) {
            herder.restartConnector(part.connector(), ignored);
        } else {
            herder.restartTask(new ConnectorTaskId(part.connector(), task), ignored);
        }
    }

    void stop() {
        herder.stop();
    }

    /** Returns the trace's first message and its root cause. */
    private static String firstLine(String trace) {
        if (trace == null) {
            return "no reason given";
        }
        List<String> lines = trace.lines().toList();
        List<String> causes =
                lines.stream().filter(line -> line.startsWith("Caused by: ")).toList();
        return causes.isEmpty() ? lines.getFirst() : lines.getFirst() + "; " + causes.getLast();
    }

    /** An empty store: sinks keep their offsets in consumer groups, but the worker requires a store. */
    private static final class NoSourceOffsets extends MemoryOffsetBackingStore {
        @Override
        public Set<Map<String, Object>> connectorPartitions(String connectorName) {
            return Collections.emptySet();
        }
    }
}
