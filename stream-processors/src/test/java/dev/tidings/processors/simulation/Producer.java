package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topic;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.UserCommand;
import java.util.ArrayDeque;
import java.util.Random;

/**
 * What one process is about to append to the log: in this order, when chance has it, now and then twice, and never if the process
 * dies before. Between two producers there is no order, so that a session's end may come after the beginning of the next.
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

    void sendEverywhere(UserCommand command) {
        queue.add(new Unsent(() -> cluster.appendEverywhere(command), () -> {}));
    }

    private <V> void send(Topic<String, V> topic, String key, V value, Runnable appended) {
        queue.add(new Unsent(() -> cluster.append(topic, key, value), appended));
    }

    /** Appends the next one; false where there is none. */
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
