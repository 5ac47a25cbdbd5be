package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TypingPaceTest {

    private static final long INTERVAL = TypingPace.INTERVAL.toNanos();

    private final TypingPace pace = new TypingPace();

    @Test
    void in_one_conversation_it_is_news_once_in_the_interval() {
        assertTrue(pace.isNews("g:club", 0));
        assertFalse(pace.isNews("g:club", INTERVAL - 1));
        assertTrue(pace.isNews("g:club", INTERVAL));
        assertFalse(pace.isNews("g:club", INTERVAL + 1));
    }

    @Test
    void conversations_do_not_know_of_each_other() {
        assertTrue(pace.isNews("g:club", 0));
        assertTrue(pace.isNews("p:a:b", 0));
    }

    @Test
    void what_the_log_did_not_hear_of_is_news_still() {
        assertTrue(pace.isNews("g:club", 0));

        pace.forget("g:club");

        assertTrue(pace.isNews("g:club", 1));
    }
}
