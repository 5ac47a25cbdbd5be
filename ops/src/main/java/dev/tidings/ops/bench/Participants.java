package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.Participant;
import dev.tidings.ops.bench.client.TrafficCounters;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** All clients of a run. Calls them every 50 ms while the run waits for a condition. */
final class Participants {

    static final Duration TICK = Duration.ofMillis(50);

    /** A server that still starts, or is very busy, opens one session after another; one that opens none for so long does not work. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(60);

    private final List<? extends Participant> participants;
    private final BenchProgress progress;
    private final TrafficCounters counters;

    /** @param participants read at each call; the list may grow */
    Participants(List<? extends Participant> participants, BenchProgress progress, TrafficCounters counters) {
        this.participants = participants;
        this.progress = progress;
        this.counters = counters;
    }

    /**
     * Waits until all are connected.
     *
     * @throws BenchException if no further one is for 60 s
     */
    void connect(URI url) {
        long most = connected();
        while (most < participants.size()) {
            long reached = most;
            if (!await("connecting", () -> connected() > reached, CONNECT_TIMEOUT)) {
                throw new BenchException("only " + connected() + " of " + participants.size()
                        + " users could connect to " + url + ", no further one within " + CONNECT_TIMEOUT.toSeconds()
                        + " s: " + trouble());
            }
            most = Math.max(most, connected());
        }
    }

    /**
     * Waits until the condition holds, as long as messages arrive: a server with a backlog is late, it has not lost them. Returns false
     * if the condition does not hold and no message was sequenced or delivered within the timeout.
     */
    boolean awaitWhileMessagesArrive(String phase, BooleanSupplier condition, Duration timeout) {
        long arrived;
        do {
            arrived = arrived();
            if (await(phase, condition, timeout)) {
                return true;
            }
        } while (arrived() > arrived);
        return false;
    }

    private long arrived() {
        return counters.sequenced.sum() + counters.delivered.sum();
    }

    private String trouble() {
        return participants.stream()
                .map(Participant::lastTrouble)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("no answer");
    }

    /** Waits until the condition holds. Returns false if it does not before the timeout. */
    boolean await(String phase, BooleanSupplier condition, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            long now = System.nanoTime();
            if (now - deadline > 0) {
                return false;
            }
            participants.forEach(participant -> participant.tick(now));
            progress.print(phase, counters, connected(), participants.size(), now);
            LockSupport.parkNanos(TICK.toNanos());
        }
        return true;
    }

    private long connected() {
        return participants.stream().filter(Participant::isReady).count();
    }
}
