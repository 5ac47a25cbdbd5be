package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestartBackoffTest {

    private final RestartBackoff backoff = new RestartBackoff();

    @Test
    void aFailureIsFollowedByARestartASecondLater() {
        assertFalse(backoff.isDue("a", seconds(10)));
        assertFalse(backoff.isDue("a", seconds(11) - 1));
        assertTrue(backoff.isDue("a", seconds(11)));
    }

    @Test
    void pausesDoubleUpToAMinute() {
        List<Long> pauses = new ArrayList<>();
        long now = 0;
        for (int restart = 0; restart < 9; restart++) {
            pauses.add(pauseSeconds("a", now));
            now += seconds(pauses.getLast());
        }
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L), pauses);
    }

    @Test
    void aPartThatRanForLongStartsWithTheFirstPause() {
        long now = seconds(pauseSeconds("a", 0));
        now += seconds(pauseSeconds("a", now));
        assertEquals(1, pauseSeconds("a", now + seconds(121)));
    }

    @Test
    void partsDoNotWaitForEachOther() {
        pauseSeconds("a", 0);
        assertEquals(1, pauseSeconds("b", seconds(1)));
        assertEquals(2, pauseSeconds("a", seconds(2)));
    }

    /** Returns the pause before the restart of a part that fails now. */
    private long pauseSeconds(String part, long failedAtNanos) {
        assertFalse(backoff.isDue(part, failedAtNanos));
        long pause = 1;
        while (!backoff.isDue(part, failedAtNanos + seconds(pause))) {
            pause++;
        }
        return pause;
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
