package dev.tidings.connectors.push;

import java.time.Duration;

/** What came of one attempt. Reasons hold nothing of what users wrote. */
sealed interface Answer {

    record Delivered() implements Answer {}

    /**
     * The same may well succeed later.
     *
     * @param notBefore how long the other side asks to be left alone; zero: it does not say
     */
    record NotNow(String reason, Duration notBefore) implements Answer {}

    /** No number of attempts would help. */
    record Refused(String reason) implements Answer {}
}
