package dev.tidings.gateway.readmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger calls = new AtomicInteger();
    private final CircuitBreaker breaker = new CircuitBreaker("store", nanos::get);
    private boolean isAvailable;

    @Test
    void after_a_failure_the_store_is_not_called_for_a_while() {
        assertFalse(breaker.isOpen());
        failing();
        failing();
        assertEquals(1, calls.get());
        assertTrue(breaker.isOpen());

        after(CircuitBreaker.FIRST_PAUSE);
        failing();
        assertEquals(2, calls.get());
    }

    @Test
    void the_pause_doubles_with_each_failure_up_to_the_longest() {
        Duration pause = CircuitBreaker.FIRST_PAUSE;
        for (int failures = 1; failures < 10; failures++) {
            failing();
            assertEquals(failures, calls.get());
            after(pause.minusNanos(1));
            failing();
            assertEquals(failures, calls.get());
            after(Duration.ofNanos(1));
            pause = pause.multipliedBy(2);
            if (pause.compareTo(CircuitBreaker.LONGEST_PAUSE) > 0) {
                pause = CircuitBreaker.LONGEST_PAUSE;
            }
        }
    }

    @Test
    void one_call_tries_while_the_others_fail_at_once() {
        failing();
        after(CircuitBreaker.FIRST_PAUSE);
        isAvailable = true;

        breaker.call(() -> {
            assertThrows(ReadModelUnavailableException.class, this::call);
            return "";
        });

        assertEquals(1, calls.get());
        assertEquals("answer", call());
    }

    @Test
    void an_unreadable_answer_does_not_open_the_breaker() {
        for (int times = 0; times < 3; times++) {
            assertThrows(
                    IllegalStateException.class,
                    () -> breaker.call(() -> {
                        calls.incrementAndGet();
                        throw new IllegalStateException("unreadable");
                    }));
        }

        assertEquals(3, calls.get());
    }

    private void failing() {
        assertThrows(ReadModelUnavailableException.class, this::call);
    }

    private String call() {
        return breaker.call(() -> {
            calls.incrementAndGet();
            if (!isAvailable) {
                throw new ReadModelUnavailableException("no answer");
            }
            return "answer";
        });
    }

    private void after(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
