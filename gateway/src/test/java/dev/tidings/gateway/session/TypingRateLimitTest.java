package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TypingRateLimitTest {

    private static final long INTERVAL = TypingRateLimit.INTERVAL.toNanos();

    private final TypingRateLimit limit = new TypingRateLimit();

    @Test
    void one_command_is_allowed_for_a_conversation_in_the_interval() {
        assertTrue(limit.tryAcquire("g:club", 0));
        assertFalse(limit.tryAcquire("g:club", INTERVAL - 1));
        assertTrue(limit.tryAcquire("g:club", INTERVAL));
        assertFalse(limit.tryAcquire("g:club", INTERVAL + 1));
    }

    @Test
    void conversations_are_limited_separately() {
        assertTrue(limit.tryAcquire("g:club", 0));
        assertTrue(limit.tryAcquire("p:a:b", 0));
    }

    @Test
    void a_released_command_is_allowed_again() {
        assertTrue(limit.tryAcquire("g:club", 0));

        limit.release("g:club");

        assertTrue(limit.tryAcquire("g:club", 1));
    }
}
