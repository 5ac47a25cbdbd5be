package dev.tidings.processors.simulation;

import dev.tidings.v1.LoginPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The gateway slots and their gateways. A gateway is killed, stopped or paused. A paused one is reported as gone or loses its slot to
 * another, and notices when it continues. A watcher writes {@code GatewayGone} records.
 */
final class Gateways {

    private static final int BEAT_MILLIS = 2_000;

    private final Cluster cluster;
    private final History history;
    private final Random random;
    private final LoginPolicy loginPolicy;
    /** Of the watcher of gateway beats. */
    private final Producer watcher;

    private final Slot[] slots;
    private int kills;
    private int pauses;

    private static final class Slot {
        long epoch;
        long lastBeatMillis;
        boolean paused;
        boolean toldGone = true;

        @Nullable
        Gateway holder;
        /** Gateways that have lost the slot while they were paused. */
        final List<Gateway> superseded = new ArrayList<>();
    }

    Gateways(Cluster cluster, History history, Random random, LoginPolicy loginPolicy, int count) {
        this.cluster = cluster;
        this.history = history;
        this.random = random;
        this.loginPolicy = loginPolicy;
        this.watcher = new Producer(cluster);
        this.slots = new Slot[count];
        Arrays.setAll(slots, slot -> new Slot());
        for (int slot = 0; slot < count; slot++) {
            start(slot);
        }
    }

    LoginPolicy loginPolicy() {
        return loginPolicy;
    }

    /** A gateway that clients can connect to, or null; a paused one does not answer. */
    @Nullable
    Gateway any() {
        List<Gateway> holders = holders();
        return holders.isEmpty() ? null : holders.get(random.nextInt(holders.size()));
    }

    /** The gateways that are not paused. */
    List<Gateway> running() {
        return Arrays.stream(slots)
                .filter(slot -> !slot.paused)
                .map(slot -> slot.holder)
                .filter(Objects::nonNull)
                .toList();
    }

    List<Gateway> holders() {
        return Arrays.stream(slots)
                .map(slot -> slot.holder)
                .filter(Objects::nonNull)
                .toList();
    }

    int kills() {
        return kills;
    }

    int pauses() {
        return pauses;
    }

    /** Starts, continues, replaces, kills, stops or pauses one of them. */
    void injectFault() {
        int number = random.nextInt(slots.length);
        Slot slot = slots[number];
        if (slot.holder == null) {
            start(number);
        } else if (slot.paused) {
            if (random.nextBoolean()) {
                continuePaused(number);
            } else {
                supersede(number);
            }
        } else {
            switch (random.nextInt(4)) {
                case 0, 1 -> kill(number);
                case 2 -> stop(number);
                default -> pause(number);
            }
        }
    }

    /** Reports a gateway without beats, and appends reports that are pending. */
    boolean watch() {
        for (int number = 0; number < slots.length; number++) {
            Slot slot = slots[number];
            if (!slot.toldGone && (slot.holder == null || slot.paused)) {
                slot.toldGone = true;
                watcher.sendEverywhere(Gateway.gone(number, slot.epoch, slot.lastBeatMillis));
                return true;
            }
        }
        return watcher.append(random);
    }

    /** Kills a gateway. */
    void killAny() {
        List<Integer> held = IntStream.range(0, slots.length)
                .filter(number -> slots[number].holder != null)
                .boxed()
                .toList();
        if (!held.isEmpty()) {
            kill(held.get(random.nextInt(held.size())));
        }
    }

    /** Ends the gateways that have lost their slots; false if there are none. */
    boolean endSuperseded() {
        boolean moved = false;
        for (Slot slot : slots) {
            for (Gateway superseded : slot.superseded) {
                superseded.readFrames();
                superseded.deliverNext();
                superseded.drain();
                while (superseded.append()) {
                    moved = true;
                }
                superseded.die();
            }
            slot.superseded.clear();
        }
        return moved;
    }

    /** Continues paused gateways, and starts one for every free slot. */
    void allRun() {
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot].holder == null) {
                start(slot);
            }
            continuePaused(slot);
        }
    }

    /** Continues paused gateways. */
    void continuePaused() {
        for (int slot = 0; slot < slots.length; slot++) {
            continuePaused(slot);
        }
    }

    private void start(int number) {
        Slot slot = slots[number];
        slot.epoch++;
        if (slot.epoch > 1) {
            cluster.appendEverywhere(Gateway.gone(number, slot.epoch - 1, slot.lastBeatMillis));
        }
        slot.holder = new Gateway(cluster, history, random, loginPolicy, number, slot.epoch);
        slot.paused = false;
        slot.toldGone = false;
    }

    private void kill(int number) {
        Slot slot = slots[number];
        kills++;
        slot.lastBeatMillis = cluster.nowMillis() - random.nextInt(BEAT_MILLIS);
        Objects.requireNonNull(slot.holder).die();
        slot.holder = null;
    }

    private void stop(int number) {
        Slot slot = slots[number];
        Gateway holder = Objects.requireNonNull(slot.holder);
        holder.stop();
        while (holder.append()) {}
        slot.lastBeatMillis = cluster.nowMillis();
        slot.toldGone = true;
        holder.die();
        slot.holder = null;
    }

    private void pause(int number) {
        pauses++;
        slots[number].paused = true;
        slots[number].lastBeatMillis = cluster.nowMillis() - random.nextInt(BEAT_MILLIS);
    }

    private void continuePaused(int number) {
        slots[number].paused = false;
        slots[number].toldGone &= slots[number].holder == null;
    }

    private void supersede(int number) {
        slots[number].superseded.add(Objects.requireNonNull(slots[number].holder));
        start(number);
    }
}
