package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.BenchException;
import dev.tidings.ops.bench.BenchProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Carries out the faults of a schedule, and notes when each began. Used by one thread. */
final class FaultInjector {

    /** The delay of each chunk while the network is slow. */
    private static final Duration SLOWNESS = Duration.ofMillis(100);

    /** The time after a full disk within which a process may still end because of it. */
    private static final Duration AFTER_DISK_FULL = Duration.ofSeconds(2);

    /** @param beganNanos by {@link System#nanoTime} */
    record Injected(String label, long beganNanos) {}

    private final Cluster cluster;
    private final BenchProgress progress;
    private final List<Injected> injected = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();

    /** The process whose disk was full in the last fault: it may end before the next one. Null: none. */
    private @Nullable String mayEnd;

    FaultInjector(Cluster cluster, BenchProgress progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    /**
     * Carries out faults one after the other. A fault that takes longer than planned, such as a slow stop, delays the next; faults that
     * no longer fit into the run are left out. At the end every process runs.
     *
     * @param length of the run, from now on
     * @param isOver whether the run has ended early
     * @throws BenchException if the cluster does not become ready within three minutes
     */
    void carryOut(List<Fault> schedule, Duration length, BooleanSupplier isOver) throws IOException {
        carryOutThoseThatFit(schedule, length, isOver);
        startEnded();
    }

    private void carryOutThoseThatFit(List<Fault> schedule, Duration length, BooleanSupplier isOver)
            throws IOException {
        long beginNanos = System.nanoTime();
        long lastBeginNanos = beginNanos + length.minus(FaultSchedule.CALM).toNanos();
        long recoveredNanos = beginNanos;
        for (Fault fault : schedule) {
            long atNanos = Math.max(beginNanos + fault.at().toNanos() - recoveredNanos, 0) + recoveredNanos;
            if (atNanos + fault.downtime().toNanos() - lastBeginNanos > 0) {
                return;
            }
            waitUntil(atNanos);
            if (isOver.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                return;
            }
            startEnded();
            String label = fault.target().label();
            progress.note(label + " for " + fault.downtime().toMillis() + " ms");
            injected.add(new Injected(label, System.nanoTime()));
            carryOut(fault);
            recoveredNanos = System.nanoTime()
                    + Duration.ofMillis(FaultSchedule.MIN_RECOVERY_MILLIS).toNanos();
        }
    }

    private void carryOut(Fault fault) throws IOException {
        String name = fault.target().process();
        if (name == null) {
            roll();
            return;
        }
        ClusterProcess victim = cluster.process(name);
        switch (fault.target().kind()) {
            case KILL -> {
                victim.kill();
                pass(fault.downtime());
                cluster.startAgain(victim, Duration.ZERO);
            }
            case PAUSE -> {
                victim.pause();
                pass(fault.downtime());
                victim.resume();
            }
            case RESTART -> {
                victim.stop();
                pass(fault.downtime());
                cluster.startAgain(victim, Duration.ZERO);
            }
            case PARTITION -> {
                cluster.network().cutOff(name);
                pass(fault.downtime());
                cluster.network().heal();
            }
            case SLOW -> {
                cluster.network().slowDown(name, SLOWNESS);
                pass(fault.downtime());
                cluster.network().heal();
            }
            case DISK -> {
                mayEnd = name;
                victim.fillDisk();
                pass(fault.downtime());
                victim.freeDisk();
                pass(AFTER_DISK_FULL);
                if (!victim.isAlive()) {
                    cluster.startAgain(victim, Duration.ZERO);
                }
            }
            case CLOCK -> {
                victim.stop();
                cluster.startAgain(victim, fault.clockShift());
            }
            case ROLL -> throw new IllegalArgumentException("a rolling restart has no single target");
        }
    }

    private void roll() throws IOException {
        for (ClusterProcess process : cluster.processes()) {
            cluster.awaitReady();
            process.stop();
            cluster.startAgain(process, Duration.ZERO);
        }
        cluster.awaitReady();
    }

    /** Starts processes again that ended although no fault was to end them, and notes their names. */
    private void startEnded() throws IOException {
        for (ClusterProcess process : cluster.processes()) {
            if (!process.isAlive()) {
                if (!process.name().equals(mayEnd)) {
                    ended.add(process.name());
                }
                cluster.startAgain(process, Duration.ZERO);
            }
        }
        mayEnd = null;
    }

    /** Returns the faults that were carried out, in the order of time. */
    List<Injected> injected() {
        return List.copyOf(injected);
    }

    /** Returns the names of processes that ended although no fault ended them. */
    List<String> ended() {
        return List.copyOf(ended);
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
}
