package dev.tidings.ops.bench.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Collects the answers to reads of history of all clients of a run. Thread-safe. */
public final class HistoryReads {

    private static final int MAX_EVIDENCE = 20;

    private final long measuredFromNanos;
    private final Histogram dueToAnswered = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final List<String> evidence = new ArrayList<>();
    private long sent;
    private long answered;
    private long wrong;
    private long failed;

    /** @param measuredFromNanos reads that are due earlier are checked and not measured */
    public HistoryReads(long measuredFromNanos) {
        this.measuredFromNanos = measuredFromNanos;
    }

    synchronized void sent() {
        sent++;
    }

    synchronized void answered(long dueNanos, long nowNanos) {
        answered++;
        if (dueNanos - measuredFromNanos >= 0) {
            dueToAnswered.recordValue(Math.clamp(nowNanos - dueNanos, 0, dueToAnswered.getHighestTrackableValue()));
        }
    }

    /** A page lacks events, or has others. */
    synchronized void wrong(String what) {
        wrong++;
        add("wrong page: " + what);
    }

    /** A read was answered by an error, or its connection was lost. */
    synchronized void failed(String reason) {
        failed++;
        add("failed: " + reason);
    }

    private void add(String line) {
        if (evidence.size() < MAX_EVIDENCE) {
            evidence.add(line);
        }
    }

    /** Whether every read has an outcome. */
    public synchronized boolean isSettled() {
        return sent == answered + failed;
    }

    public synchronized long sentReads() {
        return sent;
    }

    /** Answered reads, wrong pages included. */
    public synchronized long answeredReads() {
        return answered;
    }

    public synchronized long wrongPages() {
        return wrong;
    }

    public synchronized long failedReads() {
        return failed;
    }

    /** Returns the times from due to answered, in nanoseconds. */
    public synchronized Histogram dueToAnswered() {
        return dueToAnswered.copy();
    }

    /** Returns examples of wrong pages and failures: at most 20 lines. */
    public synchronized List<String> evidence() {
        return List.copyOf(evidence);
    }
}
