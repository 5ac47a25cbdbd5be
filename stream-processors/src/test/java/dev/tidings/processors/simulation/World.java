package dev.tidings.processors.simulation;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.parts.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.LoginPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Topologies, gateways and users under a random schedule. At the end the world runs until nothing is pending and takes two snapshots: one with
 * the devices that are online, and one after every device has connected.
 */
final class World implements AutoCloseable {

    static final TopicLayout LAYOUT = new TopicLayout(3, 3, 3, (short) 1);

    private static final int MILLIS_PER_STEP = 20;
    private static final long PATIENCE_MILLIS = 11_000;
    /** A world that is not at rest after these rounds never will be. */
    private static final int MOST_ROUNDS = 2_000;

    final Cluster cluster = new Cluster(LAYOUT);
    final Gateways gateways;
    final People people;
    private final Random random;
    private final List<Task> tasks = new ArrayList<>();
    private @Nullable Rest rest;
    private @Nullable NotificationRecount notifications;
    private @Nullable Rest fullHouse;
    private long restMillis;

    World(long seed) {
        random = new Random(seed);
        for (int i = 0; i < LAYOUT.conversations(); i++) {
            tasks.add(new Task(
                    cluster, () -> DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY), i, Topics.COMMANDS));
        }
        for (int i = 0; i < LAYOUT.users(); i++) {
            tasks.add(new Task(
                    cluster,
                    () -> DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY),
                    i,
                    Topics.INBOX,
                    Topics.USER_COMMANDS));
        }
        LoginPolicy policy = switch (random.nextInt(4)) {
            case 0 -> LoginPolicy.ONE_DEVICE;
            case 1 -> LoginPolicy.ONE_PER_PLATFORM;
            default -> LoginPolicy.ALL_DEVICES;
        };
        gateways = new Gateways(cluster, new History(cluster), random, policy, LAYOUT.gatewaySlots());
        people = new People(cluster, gateways, random);
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            cluster.pass(random.nextInt(MILLIS_PER_STEP));
            step(random.nextInt(1000));
        }
        gateways.goOn();
        gateways.killOne();
        people.broadcast();
        standStill();
        Rest now = Rest.of(this);
        restMillis = cluster.nowMillis();
        rest = now;
        notifications = new NotificationRecount(this, now);
        everyoneComes();
        fullHouse = Rest.of(this);
        everyoneReads();
    }

    /** The snapshot after the last action of users. */
    Rest rest() {
        return Objects.requireNonNull(rest);
    }

    /** The time of {@link #rest}. */
    long restMillis() {
        return restMillis;
    }

    /** The notifications up to the first snapshot. */
    NotificationRecount notifications() {
        return Objects.requireNonNull(notifications);
    }

    /** The snapshot after every device has connected. */
    Rest fullHouse() {
        return Objects.requireNonNull(fullHouse);
    }

    private void step(int chance) {
        if (chance < 180) {
            people.doSomething();
        } else if (chance < 370) {
            some(any(people.devices())::turn);
        } else if (chance < 620) {
            gatewayTurn();
        } else if (chance < 905) {
            some(() -> any(tasks).process(random));
        } else if (chance < 950) {
            any(tasks).sendSome(random);
        } else if (chance < 991) {
            any(tasks).commit();
        } else if (chance < 995) {
            any(tasks).crash();
        } else if (chance < 997) {
            gateways.strike();
        } else if (chance < 999) {
            gateways.watch();
        } else {
            gateways.findOut();
        }
    }

    private void gatewayTurn() {
        List<Gateway> running = gateways.running();
        if (!running.isEmpty()) {
            Gateway gateway = any(running);
            switch (random.nextInt(8)) {
                case 0, 1 -> some(gateway::append);
                case 2, 3 -> some(gateway::hear);
                case 4 -> gateway.tick();
                default -> some(gateway::handOn);
            }
        }
    }

    /** Every device connects and sends what it has not sent yet. */
    private void everyoneComes() {
        gateways.allRun();
        for (int round = 0; round < 2; round++) {
            for (Device device : people.devices()) {
                if (!device.isConnected()) {
                    device.comeOnline();
                    standStill();
                }
            }
        }
    }

    /** One device after the other, because the login policy may not allow them all at once. */
    private void everyoneReads() {
        for (Device device : people.devices()) {
            if (rest().isUncertain(device.userId)) {
                device.refresh();
                device.loseConnection();
            }
            device.beThorough();
            device.comeOnline();
            standStill();
        }
    }

    /** Runs until nothing is pending. */
    private void standStill() {
        people.devices().forEach(Device::findSignal);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (!moveAll()) {
                boolean waiting = gateways.running().stream().anyMatch(Gateway::isWaiting)
                        || people.devices().stream().anyMatch(Device::isWaiting);
                if (!waiting) {
                    return;
                }
                cluster.pass(PATIENCE_MILLIS);
            }
        }
    }

    private boolean moveAll() {
        boolean moved = gateways.watch() | gateways.findOut();
        for (Task task : tasks) {
            moved |= whileMoving(() -> task.process(random));
            task.commit();
        }
        for (Gateway gateway : gateways.running()) {
            moved |= whileMoving(gateway::append);
            moved |= whileMoving(gateway::hear);
            moved |= whileMoving(gateway::handOn);
            moved |= gateway.tick();
        }
        for (Device device : people.devices()) {
            moved |= some(device::turn);
        }
        return moved;
    }

    private static boolean whileMoving(BooleanSupplier move) {
        boolean moved = false;
        while (move.getAsBoolean()) {
            moved = true;
        }
        return moved;
    }

    private boolean some(BooleanSupplier move) {
        int most = 1 + random.nextInt(20);
        boolean moved = false;
        for (int i = 0; i < most && move.getAsBoolean(); i++) {
            moved = true;
        }
        return moved;
    }

    int crashes() {
        return tasks.stream().mapToInt(Task::crashes).sum();
    }

    /** The number of cases, for the log of the test. */
    @Override
    public String toString() {
        return "policy=" + gateways.loginPolicy() + " events="
                + cluster.committed(Topics.CONVERSATION_EVENTS).size() + " crashes=" + crashes() + " gatewaysKilled="
                + gateways.kills() + " gatewaysPaused=" + gateways.pauses() + " notifications="
                + cluster.committed(Topics.NOTIFICATIONS).size() + ' ' + notifications() + " uncertain="
                + rest().uncertain().size() + " aborted="
                + Topics.ALL.stream()
                        .flatMap(topic -> cluster.partitions(topic).stream())
                        .flatMap(partition -> partition.all().stream())
                        .filter(Partition.Appended::isAborted)
                        .count();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @Override
    public void close() {
        tasks.forEach(Task::close);
    }
}
