package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.TrafficCounters;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** Prints the state of a run as one line, at most once in an interval. Thread-safe. */
public final class BenchProgress {

    private static final int BAR_WIDTH = 20;

    private final PrintWriter out;
    private final long intervalNanos;
    private final long startNanos = System.nanoTime();
    private long nextNanos;
    private long beginNanos;
    private long endNanos;

    public BenchProgress(PrintWriter out, int intervalSeconds) {
        this.out = out;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(intervalSeconds);
        this.nextNanos = startNanos + intervalNanos;
    }

    /** Prints what the operator must do now for the run to continue. */
    void ask(String action) {
        note(action);
    }

    /** Prints a line at once. */
    public void note(String text) {
        out.println(text);
        out.flush();
    }

    /** From now on each line shows how much of the time until this end is over, until it is reached. */
    synchronized void expectEnd(long nanoTime) {
        beginNanos = System.nanoTime();
        endNanos = nanoTime;
    }

    /** Prints a line if one is due. {@code phase} is what the run does now, in a word or two. */
    synchronized void print(String phase, TrafficCounters counters, long connected, int users, long nowNanos) {
        if (nowNanos - nextNanos < 0) {
            return;
        }
        nextNanos = nowNanos + intervalNanos;
        out.printf(
                "%4d s  %s%-12s sent=%d sequenced=%d delivered=%d connected=%d/%d errors=%d reconnects=%d%n",
                TimeUnit.NANOSECONDS.toSeconds(nowNanos - startNanos),
                bar(nowNanos),
                phase,
                counters.sent.sum(),
                counters.sequenced.sum(),
                counters.delivered.sum(),
                connected,
                users,
                counters.errors.sum(),
                counters.reconnects.sum());
        out.flush();
    }

    private String bar(long nowNanos) {
        long left = endNanos - nowNanos;
        if (left <= 0 || endNanos == beginNanos) {
            return "";
        }
        double done = Math.clamp((double) (nowNanos - beginNanos) / (endNanos - beginNanos), 0, 1);
        int filled = (int) Math.round(done * BAR_WIDTH);
        return "[%s%s] %3.0f %%, %d s left  "
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(BAR_WIDTH - filled),
                        100 * done,
                        Math.ceilDiv(left, TimeUnit.SECONDS.toNanos(1)));
    }
}
