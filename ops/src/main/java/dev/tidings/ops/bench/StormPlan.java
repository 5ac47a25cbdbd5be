package dev.tidings.ops.bench;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a reconnect storm. Rejects a value that is not allowed, and names its option. The run's rate is that of the
 * senders, before the storm and while the users reconnect.
 *
 * @param sendersUrl of the senders' gateway; it may be that of the users
 * @param senders clients that stay connected, unless their gateway drops them
 * @param conversations of each user, each with another sender
 * @param history messages in each conversation before the storm, from both users in turn
 * @param missed messages to each user while all are disconnected
 * @param watched senders among the partners of each user whose presence the user watches, from each connect on
 * @param timeout how long to wait at most until all users are back
 */
record StormPlan(
        RunPlan run,
        Drop drop,
        URI sendersUrl,
        int senders,
        int conversations,
        int history,
        int missed,
        int watched,
        Duration timeout) {

    /** The most users that one frame can name. */
    private static final int MAX_WATCHED = 200;

    /** The way in which the connections of all users end. */
    enum Drop {
        /** The generator closes all at once, without a closing handshake, and reconnects all at once: the worst case. */
        CUT("cut"),
        /** The operator stops the gateway; each client reconnects when the gateway advised it to. */
        DRAIN("drain");

        private final String id;

        Drop(String id) {
            this.id = id;
        }

        String id() {
            return id;
        }

        /** Returns the drop with this id, or null if there is none. */
        static @Nullable Drop named(String id) {
            for (Drop drop : values()) {
                if (drop.id.equals(id)) {
                    return drop;
                }
            }
            return null;
        }
    }

    StormPlan {
        RunPlan.requireHttp("--senders-url", sendersUrl);
        RunPlan.require(run.users() >= 1, "--users is " + run.users() + "; at least 1 is needed");
        RunPlan.require(senders >= 1, "--senders is " + senders + "; at least 1 is needed");
        RunPlan.require(
                conversations >= 1 && conversations <= senders,
                "--conversations is " + conversations + "; 1 to " + senders + " (--senders) are allowed");
        RunPlan.require(history >= 0, "--history is " + history + "; it must not be negative");
        RunPlan.require(missed >= 0, "--missed is " + missed + "; it must not be negative");
        RunPlan.require(history + missed > 0, "--history and --missed are both 0; at least 1 message is needed");
        RunPlan.require(
                watched >= 0 && watched <= Math.min(conversations, MAX_WATCHED),
                "--watched is " + watched + "; 0 to " + Math.min(conversations, MAX_WATCHED) + " are allowed");
        RunPlan.require(timeout.isPositive(), "--timeout is " + timeout.toSeconds() + "; at least 1 is needed");
    }

    /** Messages in all conversations before the storm. */
    long historyMessages() {
        return (long) run.users() * conversations * history;
    }
}
