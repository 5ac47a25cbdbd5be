package dev.tidings.ops.bench;

import java.time.Duration;

/**
 * The settings of a run in which a business system sends to many users. Rejects a value that is not allowed, and names its option.
 *
 * @param runId part of every user id
 * @param recipients users who get one message each
 * @param perRequest recipients of one request
 * @param textBytes length of each message's text
 * @param drain how long to wait at most for the next reply
 */
record SendToManyPlan(String runId, int recipients, int perRequest, int textBytes, Duration drain) {

    static final int MAX_RECIPIENTS = 100_000_000;

    /** The limit of one request. */
    static final int MAX_PER_REQUEST = 10_000;

    /** The limit of the messages of one request, all recipients together, leaves room for the rest of each message. */
    private static final long MAX_REQUEST_TEXT_BYTES = 8L << 20;

    SendToManyPlan {
        RunPlan.require(
                recipients >= 1 && recipients <= MAX_RECIPIENTS,
                "--recipients is " + recipients + "; 1 to " + MAX_RECIPIENTS + " are allowed");
        RunPlan.require(
                perRequest >= 1 && perRequest <= MAX_PER_REQUEST,
                "--per-request is " + perRequest + "; 1 to " + MAX_PER_REQUEST + " are allowed");
        RunPlan.require(
                textBytes >= 1 && textBytes <= RunPlan.MAX_TEXT_BYTES,
                "--text-bytes is " + textBytes + "; 1 to " + RunPlan.MAX_TEXT_BYTES + " are allowed");
        RunPlan.require(
                (long) perRequest * textBytes <= MAX_REQUEST_TEXT_BYTES,
                "--per-request times --text-bytes is " + (long) perRequest * textBytes + "; at most "
                        + MAX_REQUEST_TEXT_BYTES + " are allowed");
        RunPlan.require(drain.isPositive(), "--drain is " + drain.toSeconds() + "; at least 1 is needed");
    }

    int requests() {
        return Math.ceilDiv(recipients, perRequest);
    }
}
