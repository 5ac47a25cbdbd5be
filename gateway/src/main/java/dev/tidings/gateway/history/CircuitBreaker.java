package dev.tidings.gateway.history;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps callers from waiting for a store that does not answer. Thread-safe.
 *
 * <pre>
 *          failure                 pause over: one caller tries
 * CLOSED ──────────▶ OPEN ◀───────────────────────────────────▶ TRYING
 *    ▲                        failure: twice the pause              │
 *    └──────────────────────────── success ─────────────────────────┘
 * </pre>
 *
 * While it is open or another caller tries, every call fails at once.
 */
final class CircuitBreaker {

    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private final String store;
    private final LongSupplier nanoTime;

    /** 0: closed. */
    private long pauseNanos;

    private long openUntilNanos;
    private boolean trying;

    /**
     * @param store its name, for messages
     * @param nanoTime a clock that never goes back
     */
    CircuitBreaker(String store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /** @throws HistoryUnavailableException where the question fails so, and at once while the breaker is open */
    <T> T ask(Supplier<T> question) {
        enter();
        try {
            T answer = question.get();
            succeeded();
            return answer;
        } catch (HistoryUnavailableException e) {
            failed(e);
            throw e;
        } catch (RuntimeException e) {
            succeeded(); // the store has answered, if only with something unreadable
            throw e;
        } catch (Error e) {
            failed(e);
            throw e;
        }
    }

    private synchronized void enter() {
        if (pauseNanos == 0) {
            return;
        }
        if (trying || nanoTime.getAsLong() - openUntilNanos < 0) {
            throw new HistoryUnavailableException(store + " has failed; it is tried again in a moment");
        }
        trying = true;
    }

    private synchronized void succeeded() {
        if (trying) {
            LOG.info("history store answers again store={}", store);
            trying = false;
            pauseNanos = 0;
        }
    }

    private synchronized void failed(Throwable why) {
        if (pauseNanos > 0 && !trying) {
            return; // it was asked before another caller's failure opened the breaker
        }
        trying = false;
        pauseNanos = pauseNanos == 0 ? FIRST_PAUSE.toNanos() : Math.min(LONGEST_PAUSE.toNanos(), pauseNanos * 2);
        openUntilNanos = nanoTime.getAsLong() + pauseNanos;
        LOG.warn(
                "history store does not answer; not asked for a while store={} pause_ms={}",
                store,
                Duration.ofNanos(pauseNanos).toMillis(),
                why);
    }
}
