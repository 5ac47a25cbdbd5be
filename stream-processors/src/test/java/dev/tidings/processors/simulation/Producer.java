package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.UserCommand;
import java.util.ArrayDeque;
import java.util.Random;

/**
 * The records that a process has not appended yet. They keep their order, are sometimes appended twice, and are lost if the process dies.
 * Two producers have no common order, so the end of a session may come after the beginning of the next.
 */
final class Producer {

    private static final int ONE_OF_THESE_TWICE = 25;

    private final Cluster cluster;
    private final ArrayDeque<Unsent> queue = new ArrayDeque<>();

    private record Unsent(Runnable append, Runnable appended) {}

    Producer(Cluster cluster) {
        this.cluster = cluster;
    }

    void send(Command command, Runnable appended) {
        send(Topics.COMMANDS, command.getConversationId(), command, appended);
    }

    void send(UserCommand command) {
        send(Topics.USER_COMMANDS, command.getUserId(), command, () -> {});
    }

    void sendEverywhere(GatewayGone gone) {
        queue.add(new Unsent(() -> cluster.appendEverywhere(gone), () -> {}));
    }

    private <V> void send(Topic<String, V> topic, String key, V value, Runnable appended) {
        queue.add(new Unsent(() -> cluster.append(topic, key, value), appended));
    }

    /** Appends the next record; false if there is none. */
    boolean append(Random random) {
        Unsent next = queue.poll();
        if (next == null) {
            return false;
        }
        next.append().run();
        if (random.nextInt(ONE_OF_THESE_TWICE) == 0) {
            next.append().run();
        }
        next.appended().run();
        return true;
    }

    void die() {
        queue.clear();
    }
}
