package dev.tidings.connectors.push;

import java.time.Duration;

/** The result of one attempt. Reasons hold no content of users. */
sealed interface AttemptResult {

    record Delivered() implements AttemptResult {}

    /**
     * The attempt may succeed later.
     *
     * @param notBefore the pause that the receiver asks for; zero if it asks for none
     */
    record RetryLater(String reason, Duration notBefore) implements AttemptResult {}

    /** The attempt can never succeed. */
    record Refused(String reason) implements AttemptResult {}
}
