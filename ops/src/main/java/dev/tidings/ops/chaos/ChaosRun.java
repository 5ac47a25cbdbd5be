package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import dev.tidings.ops.bench.BenchProgress;
import dev.tidings.ops.bench.LoadPlan;
import dev.tidings.ops.bench.LoadRun;
import dev.tidings.ops.bench.RunPlan;
import dev.tidings.ops.bench.SignedTokenSource;
import dev.tidings.ops.bench.client.FrameFormat;
import dev.tidings.ops.bench.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * One run: starts the cluster, puts it under load, carries out the faults, heals it, and returns the judgement of every message. The
 * users are divided between the gateways, and change to the other one when they reconnect.
 */
final class ChaosRun {

    private static final int TEXT_BYTES = 100;

    /** For what is outstanding when the load ends, and again for what has to be pulled, and for unread counts. */
    private static final Duration DRAIN = Duration.ofMinutes(3);

    private static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(3);

    private final ChaosPlan plan;
    private final BenchProgress progress;
    private final List<String> carriedOut = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    ChaosRun(ChaosPlan plan, BenchProgress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** @throws BenchException if the cluster does not start, or does not recover from a fault within three minutes */
    Report run(Path directory) throws IOException {
        try (Cluster cluster = Cluster.start(directory)) {
            LoadRun load = load(cluster);
            CompletableFuture<Report> report = CompletableFuture.supplyAsync(load::run);
            try {
                load.sending().get(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                long beginNanos = System.nanoTime();
                List<ClusterProcess> victims = cluster.processes().stream()
                        .filter(process -> plan.roles().contains(process.role()))
                        .toList();
                Duration length = Duration.ofSeconds(plan.seconds());
                for (Fault fault : FaultSchedule.of(plan.seed(), length, victims.size(), plan.kinds())) {
                    waitUntil(beginNanos + fault.at().toNanos());
                    if (report.isDone() || Thread.currentThread().isInterrupted()) {
                        break;
                    }
                    noteEnded(cluster);
                    carryOut(fault, victims.get(fault.process()), cluster);
                }
                cluster.awaitReady();
                return new ChaosReport(report.join(), plan.seed(), carriedOut, ended);
            } catch (ExecutionException | TimeoutException | CompletionException e) {
                throw new BenchException("the load cannot run: " + reason(e) + "; logs are in " + directory, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("interrupted", e);
            }
        }
    }

    private LoadRun load(Cluster cluster) {
        RunPlan run = new RunPlan(
                Long.toString(System.currentTimeMillis(), Character.MAX_RADIX),
                cluster.gateways().getFirst(),
                FrameFormat.PROTO,
                plan.rate(),
                plan.users(),
                TEXT_BYTES,
                plan.seed(),
                DRAIN);
        LoadPlan loadPlan = new LoadPlan(run, plan.seconds(), 0, 0, 0, 0, 0);
        return LoadRun.overGateways(
                loadPlan, new SignedTokenSource(cluster.tokenSecret(), null, null), progress, cluster.gateways());
    }

    private void carryOut(Fault fault, ClusterProcess victim, Cluster cluster) throws IOException {
        String label = fault.label(victim.name());
        progress.note(label + " for " + fault.downtime().toMillis() + " ms");
        carriedOut.add(label);
        switch (fault.kind()) {
            case KILL -> {
                victim.kill();
                pass(fault.downtime());
                cluster.startAgain(victim);
            }
            case PAUSE -> {
                victim.pause();
                pass(fault.downtime());
                victim.resume();
            }
            case RESTART -> {
                victim.stop();
                pass(fault.downtime());
                cluster.startAgain(victim);
            }
        }
    }

    private void noteEnded(Cluster cluster) throws IOException {
        for (ClusterProcess process : cluster.processes()) {
            if (!process.isAlive()) {
                ended.add(process.name());
                cluster.startAgain(process);
            }
        }
    }

    private static void pass(Duration time) {
        waitUntil(System.nanoTime() + time.toNanos());
    }

    private static void waitUntil(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = nanoTime - System.nanoTime();
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
