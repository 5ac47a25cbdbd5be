package dev.tidings.gateway.session;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Lets sessions open a few at a time. The others wait in a line, in the order in which they came, as long as the line is
 * one that can be worked off in a moment; who comes after that is told when to come again. So a crowd that comes at once
 * costs those who are here already little, and is taken up as fast as it can be. Thread-safe.
 */
public final class Openings {

    /** Who would have to wait longer than this is better off elsewhere, or later. */
    static final int LONGEST_WAIT_SECONDS = 3;

    private final int atOnce;
    private final ReconnectPace pace;
    private final Executor executor;
    private final Meter turnedAway;
    /** Who waits, and since when. */
    private final SequencedMap<Runnable, Long> line = new LinkedHashMap<>();

    private int underWay;
    /** Nobody who was turned away is expected before this. */
    private long nextReturnNanos;

    /**
     * @param atOnce how many sessions may be opening at the same time
     * @param pace at which those who are turned away come again; it also says how many may wait
     * @param executor runs the openings
     */
    public Openings(int atOnce, ReconnectPace pace, Executor executor, MetricRegistry metrics) {
        this.atOnce = atOnce;
        this.pace = pace;
        this.executor = executor;
        this.turnedAway = metrics.meter("tidings.gateway.openings.turned-away");
        metrics.register("tidings.gateway.openings", (Gauge<Integer>) this::underWay);
        metrics.register("tidings.gateway.openings.waiting", (Gauge<Integer>) this::waiting);
    }

    /** What becomes of somebody who comes. */
    sealed interface Reception {

        /** The opening runs, now or when it is its turn; {@link Openings#leave} must follow, once. */
        record Welcome() implements Reception {}

        /** There is no room. To come again after this time, and up to the jitter later. */
        record TurnedAway(int afterMillis, int jitterMillis) implements Reception {}
    }

    /** @param opening begins to open a session; must not block */
    synchronized Reception enter(Runnable opening, long nowNanos) {
        if (underWay < atOnce) {
            underWay++;
            executor.execute(opening);
            return new Reception.Welcome();
        }
        if (line.size() < (long) LONGEST_WAIT_SECONDS * pace.perSecond()) {
            line.put(opening, nowNanos);
            return new Reception.Welcome();
        }
        turnedAway.mark();
        return appointment(nowNanos);
    }

    /**
     * When the line of now will have been worked off, and everybody who was turned away before has come. A line that moves
     * more slowly than the pace says takes at least as long again as its first has waited. By chance they may come up to a
     * quarter later, so that whoever was told the same by several gateways does not come at once.
     */
    private Reception appointment(long nowNanos) {
        long atThePace = TimeUnit.MILLISECONDS.toNanos(pace.spreadMillis(line.size()));
        long lineWorkedOff =
                nowNanos + Math.max(atThePace, nowNanos - line.firstEntry().getValue());
        if (nextReturnNanos == 0 || nextReturnNanos - lineWorkedOff < 0) {
            nextReturnNanos = lineWorkedOff;
        }
        long afterMillis = TimeUnit.NANOSECONDS.toMillis(nextReturnNanos - nowNanos);
        nextReturnNanos += TimeUnit.SECONDS.toNanos(1) / pace.perSecond();
        int after = (int) Math.min(ReconnectPace.LONGEST_MILLIS, afterMillis);
        return new Reception.TurnedAway(after, after / 4);
    }

    /** The session is open, or will not be: makes room for the next. */
    synchronized void leave(Runnable opening) {
        if (line.remove(opening) != null) {
            return;
        }
        Map.Entry<Runnable, Long> next = line.pollFirstEntry();
        if (next == null) {
            underWay--;
        } else {
            executor.execute(next.getKey());
        }
    }

    synchronized int underWay() {
        return underWay;
    }

    synchronized int waiting() {
        return line.size();
    }
}
