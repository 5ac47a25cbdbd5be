package dev.tidings.ops.bench;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one storm is to be. Refuses what cannot be, naming the option that is wrong.
 *
 * @param runId part of every user id
 * @param url of the gateway whose sessions drop
 * @param sendersUrl of the gateway at which those are who go on writing; it may be the same
 * @param users who drop and come back
 * @param senders who stay, as far as their gateway does
 * @param conversations of each user, each with another sender
 * @param history messages in each conversation before the storm, of both in turn
 * @param missed messages to each user while all are away
 * @param rate messages per second, all senders together; it goes on while the users come back
 * @param seed decides the texts
 * @param patience how long to wait at most until all are back
 * @param drain how long to wait at most for what is still under way after the storm, and as long again for what has to be
 *     pulled from history
 */
record StormPlan(
        String runId,
        Drop drop,
        URI url,
        URI sendersUrl,
        FrameFormat format,
        int users,
        int senders,
        int conversations,
        int history,
        int missed,
        int rate,
        int textBytes,
        long seed,
        Duration patience,
        Duration drain) {

    /** How the connections of all users come to their end. */
    enum Drop {
        /** All at once, without a word, by the users' side; and all come back at once: the worst there is. */
        CUT("cut"),
        /** By the gateway, which somebody stops: each comes back when it was advised to. */
        DRAIN("drain");

        private final String id;

        Drop(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }

        /** The drop of this name, or null where there is none. */
        static @Nullable Drop named(String name) {
            for (Drop drop : values()) {
                if (drop.id.equals(name)) {
                    return drop;
                }
            }
            return null;
        }
    }

    StormPlan {
        BenchPlan.requireHttp("--url", url);
        BenchPlan.requireHttp("--senders-url", sendersUrl);
        BenchPlan.require(users >= 1, "--users must be at least 1; it is " + users);
        BenchPlan.require(senders >= 1, "--senders must be at least 1; it is " + senders);
        BenchPlan.require(
                conversations >= 1 && conversations <= senders,
                "--conversations must be from 1 to --senders, which is " + senders + "; it is " + conversations);
        BenchPlan.require(history >= 0, "--history must not be negative; it is " + history);
        BenchPlan.require(missed >= 0, "--missed must not be negative; it is " + missed);
        BenchPlan.require(history + missed > 0, "--history or --missed must be at least 1");
        BenchPlan.require(rate > 0, "--rate must be at least 1 message per second; it is " + rate);
        BenchPlan.requireTextBytes(textBytes);
        BenchPlan.require(patience.isPositive(), "--patience must be at least 1; it is " + patience.toSeconds());
        BenchPlan.require(!drain.isNegative(), "--drain must not be negative; it is " + drain.toSeconds());
    }

    /** In all conversations before the storm. */
    long historyMessages() {
        return (long) users * conversations * history;
    }
}
