package dev.tidings.connectors.push;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * When a notification is tried again, and when it is given up: six attempts, none of them later than a minute after the
 * first. Pauses double, and are shortened by chance by up to half, so that what failed together does not come back together.
 */
final class Patience {

    static final int MAX_ATTEMPTS = 6;
    static final Duration MAX_SINCE_FIRST = Duration.ofSeconds(60);

    /** Of five pauses the last one is 24 s, and all of them together are 46.5 s at most. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1_500);

    private final RandomGenerator chance;

    Patience(RandomGenerator chance) {
        this.chance = chance;
    }

    /**
     * The earliest time of the next attempt, in milliseconds; empty: no more.
     *
     * @param attempts made so far, at least 1
     * @param notBefore what the other side asked for; it is never tried earlier
     */
    OptionalLong nextAttemptMillis(int attempts, long firstAtMillis, long nowMillis, Duration notBefore) {
        if (attempts >= MAX_ATTEMPTS) {
            return OptionalLong.empty();
        }
        long longest = FIRST_PAUSE.toMillis() << (attempts - 1);
        long pauseMillis = longest - chance.nextLong(longest / 2 + 1);
        long atMillis = nowMillis + Math.max(pauseMillis, notBefore.toMillis());
        return atMillis - firstAtMillis > MAX_SINCE_FIRST.toMillis() ? OptionalLong.empty() : OptionalLong.of(atMillis);
    }
}
