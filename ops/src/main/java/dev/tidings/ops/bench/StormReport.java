package dev.tidings.ops.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What came of a storm. {@code firstConnectedMillis}, {@code allConnectedMillis} and {@code allSyncedMillis} count from the
 * first attempt of anybody to come back; {@code connectedMillis} and {@code syncedMillis} of each user from his own.
 * {@code sendToSequencedMillis} is what the senders felt of it: of messages that were due while the users came back.
 * {@code attemptsPer100Millis} and {@code openingsPer100Millis} say how evenly they came: attempts, and sockets that opened.
 */
final class StormReport implements Report {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** How the users came back, one after the other. Times are {@link System#nanoTime()}; 0: has not happened. */
    static final class Returns {

        private final Histogram connected = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
        private final Histogram synced = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
        private int users;
        private int unsynced;
        private int resumed;
        private int droppedAgain;
        private long firstAttemptNanos = Long.MAX_VALUE;
        private long firstConnectedNanos = Long.MAX_VALUE;
        private long lastConnectedNanos = Long.MIN_VALUE;
        private long lastSyncedNanos = Long.MIN_VALUE;

        void add(int drops, boolean isResumed, long attemptNanos, long connectedNanos, long syncedNanos) {
            users++;
            resumed += isResumed ? 1 : 0;
            droppedAgain += Math.max(0, drops - 1);
            if (attemptNanos == 0 || connectedNanos == 0 || syncedNanos == 0) {
                unsynced++;
                return;
            }
            connected.recordValue(connectedNanos - attemptNanos);
            synced.recordValue(syncedNanos - attemptNanos);
            firstAttemptNanos = Math.min(firstAttemptNanos, attemptNanos);
            firstConnectedNanos = Math.min(firstConnectedNanos, connectedNanos);
            lastConnectedNanos = Math.max(lastConnectedNanos, connectedNanos);
            lastSyncedNanos = Math.max(lastSyncedNanos, syncedNanos);
        }

        private double millisFromFirst(long nanos) {
            return unsynced == users ? 0 : (nanos - firstAttemptNanos) / NANOS_PER_MILLI;
        }
    }

    private final Figures figures = new Figures();
    private final List<String> flaws;

    StormReport(StormPlan plan, Returns returns, StormTimes times, Verdict verdict, Tally tally) {
        figures.put("storm", plan.drop().id());
        figures.put("users", plan.users());
        figures.put("senders", plan.senders());
        figures.put("conversations", plan.users() * plan.conversations());
        figures.put("rate", plan.rate());
        figures.put("subprotocol", plan.format().subprotocol());
        figures.put("seed", plan.seed());
        figures.putRounded("firstConnectedMillis", returns.millisFromFirst(returns.firstConnectedNanos));
        figures.putRounded("allConnectedMillis", returns.millisFromFirst(returns.lastConnectedNanos));
        figures.putRounded("allSyncedMillis", returns.millisFromFirst(returns.lastSyncedNanos));
        figures.put("unsynced", returns.unsynced);
        figures.put("resumed", returns.resumed);
        figures.put("droppedAgain", returns.droppedAgain);
        figures.put("failedAttempts", times.failed.sum());
        figures.put("advisedDraining", times.advisedDraining.sum());
        figures.put("advisedOverloaded", times.advisedOverloaded.sum());
        figures.put("pulls", times.pulls.sum());
        figures.put("sent", tally.sent.sum());
        figures.put("sequenced", tally.sequenced.sum());
        figures.put("delivered", tally.delivered.sum());
        figures.putPromise(verdict);
        figures.put("errors", tally.errors.sum());
        figures.putMillis("connectedMillis", returns.connected);
        figures.putMillis("syncedMillis", returns.synced);
        figures.putMillis("sendToSequencedMillis", verdict.sendToSequenced);
        figures.putCounts("attemptsPer100Millis", times.attempted.perBucket());
        figures.putCounts("openingsPer100Millis", times.opened.perBucket());
        List<String> found = verdict.flaws();
        if (tally.sent.sum() == 0) {
            found.add("nothing was sent");
        }
        if (returns.unsynced > 0) {
            found.add(returns.unsynced + " users did not come back within "
                    + plan.patience().toSeconds() + " s");
        }
        this.flaws = List.copyOf(found);
    }

    /** What broke the promise to a message, and how many users did not come back. */
    @Override
    public List<String> flaws() {
        return flaws;
    }

    @Override
    public Figures figures() {
        return figures;
    }
}
