package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import dev.tidings.ops.bench.BenchProgress;
import dev.tidings.ops.bench.CheckedPlan;
import dev.tidings.ops.bench.LoadChecks;
import dev.tidings.ops.bench.LoadPlan;
import dev.tidings.ops.bench.LoadReport;
import dev.tidings.ops.bench.LoadRun;
import dev.tidings.ops.bench.RunPlan;
import dev.tidings.ops.bench.SignedTokenSource;
import dev.tidings.ops.bench.check.NotificationSource;
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
import java.util.stream.IntStream;

/**
 * One run: starts the cluster, puts it under load, carries out the faults, heals it, and returns the judgement of every message. The
 * users are divided between the gateways, and change to the other one when they reconnect. Three loads run at the same time: pairs,
 * pairs whose users have two devices, and groups of which one member is never connected.
 */
final class ChaosRun {

    private static final List<String> NAMES = List.of("pairs", "pairsWithTwoDevices", "groups");

    private static final int TEXT_BYTES = 100;

    /** For what is outstanding when the load ends, and again for what has to be pulled, and for unread counts. */
    private static final Duration DRAIN = Duration.ofMinutes(3);

    private static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(3);

    private final ChaosPlan plan;
    private final BenchProgress progress;

    ChaosRun(ChaosPlan plan, BenchProgress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** @throws BenchException if the cluster does not start, or does not recover from a fault within three minutes */
    Report run(Path directory) throws IOException {
        try (PushReceiver webhook = new PushReceiver();
                Cluster cluster = Cluster.start(plan.brokers(), webhook.settings(), directory);
                NotificationTopics notifications = new NotificationTopics(cluster.bootstrapServers(), webhook)) {
            List<ClusterProcess> victims = cluster.processes().stream()
                    .filter(process -> plan.roles().contains(process.role()))
                    .toList();
            Duration length = Duration.ofSeconds(plan.seconds());
            List<Fault> schedule = FaultSchedule.of(plan.seed(), length, Fault.targets(victims, plan.kinds()));
            FaultInjector injector = new FaultInjector(cluster, progress);
            List<CheckedPlan> plans = plans(cluster, notifications);
            SignedTokenSource tokens = new SignedTokenSource(cluster.tokenSecret(), null, null);
            List<LoadRun> loads = LoadRun.together(plans, tokens, progress, cluster.gateways());
            List<CompletableFuture<LoadReport>> reports = loads.stream()
                    .map(load -> CompletableFuture.supplyAsync(load::run, ChaosRun::startDaemon))
                    .toList();
            try {
                for (LoadRun load : loads) {
                    load.sending().get(CONNECT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                }
                injector.carryOut(schedule, length, () -> reports.stream().anyMatch(CompletableFuture::isDone));
                cluster.awaitReady();
                return new ChaosReport(
                        named(reports.stream().map(CompletableFuture::join).toList()),
                        plan.seed(),
                        injector.injected(),
                        injector.ended());
            } catch (ExecutionException | TimeoutException | CompletionException e) {
                throw new BenchException("the load cannot run: " + reason(e) + "; logs are in " + directory, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("interrupted", e);
            }
        }
    }

    /** Returns the loads in the order of {@link #NAMES}; without that of the groups if there are none. */
    private List<CheckedPlan> plans(Cluster cluster, NotificationSource notifications) {
        List<CheckedPlan> plans = new ArrayList<>();
        plans.add(
                new CheckedPlan(load(cluster, "p", plan.rate(), plan.users(), 0), new LoadChecks(1, true, true, null)));
        plans.add(new CheckedPlan(
                load(cluster, "d", plan.smallRate(), ChaosPlan.USERS_WITH_TWO_DEVICES, 0),
                new LoadChecks(2, true, false, null)));
        if (plan.groups() > 0) {
            int users = plan.groups() * ChaosPlan.GROUP_USERS;
            plans.add(new CheckedPlan(
                    load(cluster, "g", plan.smallRate(), users, plan.groups()),
                    new LoadChecks(1, true, true, notifications)));
        }
        return plans;
    }

    private static List<ChaosReport.NamedLoad> named(List<LoadReport> reports) {
        return IntStream.range(0, reports.size())
                .mapToObj(i -> new ChaosReport.NamedLoad(NAMES.get(i), reports.get(i)))
                .toList();
    }

    /** @param kind makes the users' names different from those of the other loads */
    private LoadPlan load(Cluster cluster, String kind, int rate, int users, int groups) {
        RunPlan run = new RunPlan(
                Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + kind,
                cluster.gateways().getFirst(),
                FrameFormat.PROTO,
                rate,
                users,
                TEXT_BYTES,
                plan.seed(),
                DRAIN);
        int members = groups == 0 ? 0 : ChaosPlan.GROUP_USERS + 1; // one of them is never connected
        return new LoadPlan(run, plan.seconds(), 0, groups, members, 0, 0);
    }

    /** Runs a load in a thread that does not keep the process alive: after a failure it may wait for a long time. */
    private static void startDaemon(Runnable load) {
        Thread.ofPlatform().name("chaos-load").daemon().start(load);
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
