package dev.tidings.connectors.push;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Schedules retries of a notification: at most 16 attempts within an hour of the first. Pauses double up to five minutes and are
 * shortened by up to half at random, so that deliveries that failed together do not return together.
 */
final class RetrySchedule {

    static final int MAX_ATTEMPTS = 16;
    static final Duration MAX_SINCE_FIRST = Duration.ofHours(1);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    static final Duration FIRST_PAUSE = Duration.ofMillis(1_500);

    private static final int MAX_DOUBLINGS = 20;

    private final Duration firstPause;
    private final RandomGenerator chance;

    RetrySchedule(RandomGenerator chance) {
        this(chance, FIRST_PAUSE);
    }

    RetrySchedule(RandomGenerator chance, Duration firstPause) {
        this.chance = chance;
        this.firstPause = firstPause;
    }

    /** The pause between a failed attempt and the next one. */
    long pauseMillis(int attempts) {
        long longest = Math.min(
                LONGEST_PAUSE.toMillis(), firstPause.toMillis() << Math.min(Math.max(0, attempts - 1), MAX_DOUBLINGS));
        return longest - chance.nextLong(longest / 2 + 1);
    }

    /** Returns true if it is too late for any attempt. */
    static boolean isOver(long firstAtMillis, long nowMillis) {
        return nowMillis - firstAtMillis > MAX_SINCE_FIRST.toMillis();
    }

    /**
     * The earliest time of the next attempt, in milliseconds; empty: no more.
     *
     * @param attempts made so far, at least 1
     * @param notBefore the pause that the receiver asked for; no attempt is earlier
     */
    OptionalLong nextAttemptMillis(int attempts, long firstAtMillis, long nowMillis, Duration notBefore) {
        if (attempts >= MAX_ATTEMPTS) {
            return OptionalLong.empty();
        }
        long atMillis = nowMillis + Math.max(pauseMillis(attempts), notBefore.toMillis());
        return isOver(firstAtMillis, atMillis) ? OptionalLong.empty() : OptionalLong.of(atMillis);
    }
}
