package dev.tidings.ops.bench;

import java.net.URI;
import java.time.Duration;

/**
 * What one run is to do. Refuses what cannot be done, naming the option that is wrong.
 *
 * @param runId part of every user id, so that no two runs meet in one conversation
 * @param url of the gateway: {@code http://host:port}
 * @param rate messages per second, all users together
 * @param warmupSeconds before anything is counted; correctness is checked from the first message all the same
 * @param users who are connected. In pairs an even number: user 2n talks to user 2n+1
 * @param groupMembers of the one group that all users belong to, with others who never connect; 0: users talk in pairs
 * @param textBytes length of each message's text
 * @param seed decides the texts and who sends when
 * @param drain how long to wait at most, after the last message was sent, for what is still under way, and as long
 *     again for what has to be pulled from history
 */
record BenchPlan(
        String runId,
        URI url,
        FrameFormat format,
        int rate,
        int seconds,
        int warmupSeconds,
        int users,
        int groupMembers,
        int textBytes,
        long seed,
        Duration drain) {

    /** As long as a message's content may be, less some room for its frame. */
    static final int MAX_TEXT_BYTES = 60_000;

    /** As many as a group may have by default. */
    static final int MAX_GROUP_MEMBERS = 100_000;

    BenchPlan {
        requireHttp("--url", url);
        require(rate > 0, "--rate must be at least 1 message per second; it is " + rate);
        require(seconds > 0, "--seconds must be at least 1; it is " + seconds);
        require(warmupSeconds >= 0, "--warmup must not be negative; it is " + warmupSeconds);
        if (groupMembers == 0) {
            require(users >= 2 && users % 2 == 0, "--users must be an even number, at least 2; it is " + users);
        } else {
            require(users >= 2, "--users must be at least 2; it is " + users);
            require(
                    groupMembers >= users && groupMembers <= MAX_GROUP_MEMBERS,
                    "--group-members must be from --users, which is " + users + ", to " + MAX_GROUP_MEMBERS + "; it is "
                            + groupMembers);
        }
        requireTextBytes(textBytes);
        require(!drain.isNegative(), "--drain must not be negative; it is " + drain.toSeconds());
    }

    /** One group instead of private pairs. */
    boolean isGroup() {
        return groupMembers > 0;
    }

    long warmupMessages() {
        return (long) rate * warmupSeconds;
    }

    long messages() {
        return warmupMessages() + (long) rate * seconds;
    }

    static int port(URI url) {
        return url.getPort() < 0 ? 80 : url.getPort();
    }

    /** The generator speaks plain TCP: what it would spend on TLS, it would take from the system it measures. */
    static void requireHttp(String option, URI url) {
        require(
                "http".equals(url.getScheme()) && url.getHost() != null,
                option + " must be http://<host>:<port>; it is " + url);
    }

    static void requireTextBytes(int textBytes) {
        require(
                textBytes >= 1 && textBytes <= MAX_TEXT_BYTES,
                "--text-bytes must be from 1 to " + MAX_TEXT_BYTES + "; it is " + textBytes);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
