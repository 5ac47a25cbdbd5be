package dev.tidings.ops.bench;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** Says on one line, now and then, how far a run is. Not thread-safe. */
final class Progress {

    private final PrintWriter out;
    private final long intervalNanos;
    private final long startNanos = System.nanoTime();
    private long nextNanos;

    Progress(PrintWriter out, int intervalSeconds) {
        this.out = out;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(intervalSeconds);
        this.nextNanos = startNanos + intervalNanos;
    }

    /** What somebody has to do now for the run to go on. */
    void ask(String what) {
        out.println(what);
        out.flush();
    }

    /** @param phase what the run does at the moment, in a word or two */
    void tell(String phase, Tally tally, long connected, int users, long nowNanos) {
        if (nowNanos - nextNanos < 0) {
            return;
        }
        nextNanos += intervalNanos;
        out.printf(
                "%4d s  %-12s sent=%d sequenced=%d delivered=%d connected=%d/%d errors=%d reconnects=%d%n",
                TimeUnit.NANOSECONDS.toSeconds(nowNanos - startNanos),
                phase,
                tally.sent.sum(),
                tally.sequenced.sum(),
                tally.delivered.sum(),
                connected,
                users,
                tally.errors.sum(),
                tally.reconnects.sum());
        out.flush();
    }
}
