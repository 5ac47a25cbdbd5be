package dev.tidings.processors.simulation;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.store.StateStore;
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

    /** After devices have joined rooms. */
    private static final int LAST_STEPS = 2_000;

    private static final int MILLIS_PER_STEP = 20;
    private static final long PATIENCE_MILLIS = 11_000;
    /** A world that is not at snapshot after these rounds never will be. */
    private static final int MOST_ROUNDS = 2_000;

    final Cluster cluster = new Cluster(LAYOUT);
    final Gateways gateways;
    final Users users;
    private final Random random;
    private final List<Task> tasks = new ArrayList<>();
    private @Nullable Snapshot snapshot;
    private @Nullable NotificationRecount notifications;
    private @Nullable Snapshot everyoneOnline;
    private long snapshotMillis;

    World(long seed) {
        random = new Random(seed);
        for (int i = 0; i < LAYOUT.conversations(); i++) {
            tasks.add(new Task(
                    cluster,
                    () -> DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY),
                    i,
                    new UserChanges(new Partition()),
                    Topics.COMMANDS));
        }
        for (int i = 0; i < LAYOUT.users(); i++) {
            tasks.add(new Task(
                    cluster,
                    () -> DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY),
                    i,
                    new UserChanges(cluster.userChanges().get(i)),
                    Topics.INBOX,
                    Topics.USER_COMMANDS));
        }
        LoginPolicy policy = switch (random.nextInt(4)) {
            case 0 -> LoginPolicy.ONE_DEVICE;
            case 1 -> LoginPolicy.ONE_PER_PLATFORM;
            default -> LoginPolicy.ALL_DEVICES;
        };
        gateways = new Gateways(cluster, new History(cluster), random, policy, LAYOUT.gatewaySlots());
        users = new Users(cluster, gateways, random);
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            cluster.pass(random.nextInt(MILLIS_PER_STEP));
            step(random.nextInt(1000));
        }
        users.joinRooms();
        for (int i = 0; i < LAST_STEPS; i++) {
            cluster.pass(random.nextInt(MILLIS_PER_STEP));
            step(random.nextInt(1000));
        }
        gateways.continuePaused();
        gateways.killAny();
        users.broadcast();
        runUntilIdle();
        Snapshot now = Snapshot.of(this);
        snapshotMillis = cluster.nowMillis();
        snapshot = now;
        notifications = new NotificationRecount(this, now);
        connectEveryone();
        everyoneOnline = Snapshot.of(this);
        syncEveryone();
    }

    /** The snapshot after the last action of users. */
    Snapshot snapshot() {
        return Objects.requireNonNull(snapshot);
    }

    /** The time of {@link #snapshot}. */
    long snapshotMillis() {
        return snapshotMillis;
    }

    /** The notifications up to the first snapshot. */
    NotificationRecount notifications() {
        return Objects.requireNonNull(notifications);
    }

    /** The snapshot after every device has connected. */
    Snapshot everyoneOnline() {
        return Objects.requireNonNull(everyoneOnline);
    }

    private void step(int chance) {
        if (chance < 180) {
            users.doSomething();
        } else if (chance < 370) {
            some(any(users.devices())::turn);
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
            gateways.injectFault();
        } else if (chance < 999) {
            gateways.watch();
        } else {
            gateways.endSuperseded();
        }
    }

    private void gatewayTurn() {
        List<Gateway> running = gateways.running();
        if (!running.isEmpty()) {
            Gateway gateway = any(running);
            switch (random.nextInt(8)) {
                case 0, 1 -> some(gateway::append);
                case 2, 3 -> some(gateway::readFrames);
                case 4 -> gateway.tick();
                default -> some(gateway::deliverNext);
            }
        }
    }

    /** Every device connects and sends what it has not sent yet. */
    private void connectEveryone() {
        gateways.allRun();
        for (int round = 0; round < 2; round++) {
            for (Device device : users.devices()) {
                if (!device.isConnected()) {
                    device.comeOnline();
                    runUntilIdle();
                }
            }
        }
    }

    /** One device after the other, because the login policy may not allow them all at once. */
    private void syncEveryone() {
        for (Device device : users.devices()) {
            if (snapshot().isUncertain(device.userId)) {
                device.refresh();
                device.loseConnection();
            }
            device.beThorough();
            device.comeOnline();
            runUntilIdle();
        }
    }

    /** Runs until nothing is pending. */
    private void runUntilIdle() {
        users.devices().forEach(Device::findSignal);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (!moveAll()) {
                boolean waiting = gateways.running().stream().anyMatch(Gateway::isWaiting)
                        || users.devices().stream().anyMatch(Device::isWaiting);
                if (!waiting) {
                    return;
                }
                cluster.pass(PATIENCE_MILLIS);
            }
        }
    }

    private boolean moveAll() {
        boolean moved = gateways.watch() | gateways.endSuperseded();
        for (Task task : tasks) {
            moved |= whileMoving(() -> task.process(random));
            task.commit();
        }
        for (Gateway gateway : gateways.running()) {
            moved |= whileMoving(gateway::append);
            moved |= whileMoving(gateway::readFrames);
            moved |= whileMoving(gateway::deliverNext);
            moved |= gateway.tick();
        }
        for (Device device : users.devices()) {
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
                + snapshot().uncertain().size() + " aborted="
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
