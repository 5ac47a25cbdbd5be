package dev.tidings.ops.bench;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Everybody in a run, kept going while the run waits for something. */
final class Crowd {

    static final Duration TICK = Duration.ofMillis(50);

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(30);

    private final List<? extends Participant> participants;
    private final Progress progress;
    private final Tally tally;

    /** @param participants may still grow */
    Crowd(List<? extends Participant> participants, Progress progress, Tally tally) {
        this.participants = participants;
        this.progress = progress;
        this.tally = tally;
    }

    /**
     * Waits until everybody is connected.
     *
     * @throws BenchException where they are not in time
     */
    void connect(URI url) {
        if (!await("connecting", () -> connected() == participants.size(), CONNECT_PATIENCE)) {
            String trouble = participants.stream()
                    .map(Participant::lastTrouble)
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("no answer");
            throw new BenchException("only " + connected() + " of " + participants.size() + " users could connect to "
                    + url + ": " + trouble);
        }
    }

    /** Keeps everybody going until the condition holds. Returns false where it does not in time. */
    boolean await(String phase, BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long now = System.nanoTime();
            if (now - deadline > 0) {
                return false;
            }
            participants.forEach(participant -> participant.tick(now));
            progress.tell(phase, tally, connected(), participants.size(), now);
            LockSupport.parkNanos(TICK.toNanos());
        }
        return true;
    }

    private long connected() {
        return participants.stream().filter(Participant::isReady).count();
    }
}
