package dev.tidings.gateway.session;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many sessions open at the same time, so that a crowd of reconnecting clients does not slow down the sessions
 * that are open. Admits a bounded number at once, queues further ones in order of arrival, and rejects the rest with a time
 * to retry after. The queue is as long as the reconnect rate works off in 3 s. Thread-safe.
 */
public final class ConnectAdmission {

    /** The longest planned wait in the queue. */
    static final int MAX_QUEUE_SECONDS = 3;

    private final int maxOpening;
    private final ReconnectRate rate;
    private final Executor executor;
    private final Meter rejected;
    private final Set<Runnable> opening = new HashSet<>();
    /** The queued openings with their times of arrival. */
    private final SequencedMap<Runnable, Long> queue = new LinkedHashMap<>();

    /** When the next rejected client should come back; 0: no client was rejected yet. */
    private long nextRetryNanos;

    /**
     * @param maxOpening how many sessions may be opening at the same time
     * @param rate at which rejected clients come back; also bounds the queue
     * @param executor runs the openings
     */
    public ConnectAdmission(int maxOpening, ReconnectRate rate, Executor executor, MetricRegistry metrics) {
        this.maxOpening = maxOpening;
        this.rate = rate;
        this.executor = executor;
        this.rejected = metrics.meter("tidings.gateway.connects.rejected");
        metrics.register("tidings.gateway.connects.opening", (Gauge<Integer>) this::opening);
        metrics.register("tidings.gateway.connects.queued", (Gauge<Integer>) this::queued);
    }

    sealed interface Decision {

        /** The opening runs now or when it is first in the queue. {@link ConnectAdmission#leave} must follow. */
        record Admitted() implements Decision {}

        /** The queue is full. Clients come back after the time, spread over the jitter. */
        record Rejected(int retryAfterMillis, int jitterMillis) implements Decision {}
    }

    /** @param session begins to open one session; must not block */
    synchronized Decision enter(Runnable session, long nowNanos) {
        if (opening.size() < maxOpening) {
            start(session);
            return new Decision.Admitted();
        }
        if (queue.size() < (long) MAX_QUEUE_SECONDS * rate.perSecond()) {
            queue.put(session, nowNanos);
            return new Decision.Admitted();
        }
        rejected.mark();
        return reject(nowNanos);
    }

    private void start(Runnable session) {
        opening.add(session);
        executor.execute(session);
    }

    /**
     * Gives each rejected client a time of its own, after the queue is worked off and the clients rejected before have come
     * back. A queue that moves more slowly than the rate takes at least as long again as its first entry has waited. The
     * jitter of a quarter spreads clients that several gateways reject at once.
     */
    private Decision.Rejected reject(long nowNanos) {
        long atTheRate = TimeUnit.MILLISECONDS.toNanos(rate.spreadMillis(queue.size()));
        long queueEmptyNanos =
                nowNanos + Math.max(atTheRate, nowNanos - queue.firstEntry().getValue());
        if (nextRetryNanos == 0 || nextRetryNanos - queueEmptyNanos < 0) {
            nextRetryNanos = queueEmptyNanos;
        }
        long afterMillis = TimeUnit.NANOSECONDS.toMillis(nextRetryNanos - nowNanos);
        nextRetryNanos += TimeUnit.SECONDS.toNanos(1) / rate.perSecond();
        int retryAfterMillis = (int) Math.min(ReconnectRate.MAX_MILLIS, afterMillis);
        return new Decision.Rejected(retryAfterMillis, retryAfterMillis / 4);
    }

    /** The session is open or has ended: starts the next one. Does nothing for a session that was not admitted. */
    synchronized void leave(Runnable session) {
        if (queue.remove(session) != null || !opening.remove(session)) {
            return;
        }
        Map.Entry<Runnable, Long> next = queue.pollFirstEntry();
        if (next != null) {
            start(next.getKey());
        }
    }

    synchronized int opening() {
        return opening.size();
    }

    synchronized int queued() {
        return queue.size();
    }
}
