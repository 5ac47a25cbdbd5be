package dev.tidings.processors.simulation;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.parts.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Everything together, driven by chance until it stands still. */
final class World implements AutoCloseable {

    static final TopicLayout LAYOUT = new TopicLayout(3, 3, 3, (short) 1);

    private final Random random;
    final Cluster cluster = new Cluster(LAYOUT);
    final List<Gateway> gateways = new ArrayList<>();
    final People people;
    private final List<Task> tasks = new ArrayList<>();

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
        for (int slot = 0; slot < LAYOUT.gatewaySlots(); slot++) {
            gateways.add(new Gateway(cluster, random, slot));
        }
        people = new People(cluster, gateways, random);
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            int chance = random.nextInt(1000);
            if (chance < 170) {
                people.doSomething();
            } else if (chance < 720) {
                any(tasks).process(random);
            } else if (chance < 820) {
                any(tasks).sendSome(random);
            } else if (chance < 960) {
                handOnSome(any(gateways));
            } else if (chance < 988) {
                any(tasks).commit();
            } else if (chance < 999) {
                any(tasks).crash();
            } else {
                any(gateways).restart();
            }
        }
        standStill();
    }

    /** Lets everything happen that is under way. */
    private void standStill() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Task task : tasks) {
                while (task.process(random)) {
                    moved = true;
                }
                task.commit();
            }
            for (Gateway gateway : gateways) {
                while (gateway.handOn()) {
                    moved = true;
                }
            }
        }
    }

    private void handOnSome(Gateway gateway) {
        int most = random.nextInt(20);
        for (int i = 0; i < most && gateway.handOn(); i++) {}
    }

    int crashes() {
        return tasks.stream().mapToInt(Task::crashes).sum();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @Override
    public void close() {
        tasks.forEach(Task::close);
    }
}
