package dev.tidings.gateway.readmodel;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fails calls to a store at once while the store does not answer. Thread-safe.
 *
 * <pre>
 *          failure                 pause over: one call tries
 * CLOSED ──────────▶ OPEN ◀───────────────────────────────────▶ TRYING
 *    ▲                        failure: twice the pause              │
 *    └──────────────────────────── success ─────────────────────────┘
 * </pre>
 *
 * While it is open, or while another call tries, every call fails at once.
 */
public final class CircuitBreaker {

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private final String store;
    private final LongSupplier nanoTime;

    /** 0: the breaker is closed. */
    private long pauseNanos;

    private long openUntilNanos;
    private boolean trying;

    /**
     * @param store the name of the store, for messages
     * @param nanoTime a clock that never goes back
     */
    public CircuitBreaker(String store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /** @throws ReadModelUnavailableException if the call fails with it, and at once while the breaker is open */
    public <T> T call(Supplier<T> query) {
        enter();
        try {
            T result = query.get();
            succeeded();
            return result;
        } catch (ReadModelUnavailableException e) {
            failed(e);
            throw e;
        } catch (RuntimeException e) {
            succeeded(); // the store has answered, even if not with something readable
            throw e;
        } catch (Error e) {
            failed(e);
            throw e;
        }
    }

    /** Whether the last call has failed, and calls fail at once until one that tries succeeds. */
    public synchronized boolean isOpen() {
        return pauseNanos > 0;
    }

    private synchronized void enter() {
        if (pauseNanos == 0) {
            return;
        }
        if (trying || nanoTime.getAsLong() - openUntilNanos < 0) {
            throw new ReadModelUnavailableException(store + " is unavailable; it is tried again in a moment");
        }
        trying = true;
    }

    private synchronized void succeeded() {
        if (trying) {
            LOG.info("read model answers again; circuit breaker closes store={}", store);
            trying = false;
            pauseNanos = 0;
        }
    }

    private synchronized void failed(Throwable why) {
        if (pauseNanos > 0 && !trying) {
            return; // the call began before another one opened the breaker
        }
        trying = false;
        pauseNanos = pauseNanos == 0 ? FIRST_PAUSE.toNanos() : Math.min(LONGEST_PAUSE.toNanos(), pauseNanos * 2);
        openUntilNanos = nanoTime.getAsLong() + pauseNanos;
        LOG.warn(
                "read model does not answer; circuit breaker opens store={} pause_ms={}",
                store,
                Duration.ofNanos(pauseNanos).toMillis(),
                why);
    }
}
