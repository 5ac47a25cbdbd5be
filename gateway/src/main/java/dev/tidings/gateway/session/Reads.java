package dev.tidings.gateway.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * Lets one session read one thing at a time, a range of history or a sync, and only while its socket takes what was read
 * before. Otherwise a client that asks for much and reads nothing would fill the gateway's memory. Not thread-safe: used in
 * the session's turn only.
 */
final class Reads {

    /** Reads that wait for their turn. */
    static final int MAX_WAITING = 16;

    /** An answer that is lost must not stop all later reads. INBOX takes milliseconds. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final BooleanSupplier maySend;
    private final BooleanSupplier mayStart;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean starting;
    private boolean ended;
    private long heardNanos;

    /**
     * @param maySend whether the socket takes what is read
     * @param mayStart whether the gateway has memory for more
     */
    Reads(BooleanSupplier maySend, BooleanSupplier mayStart) {
        this.maySend = maySend;
        this.mayStart = mayStart;
    }

    /**
     * Runs the read now or when it is its turn. {@link #done} must follow.
     *
     * @return false where too many wait, or the gateway has no memory for what would be read
     */
    boolean start(Runnable read) {
        if (waiting.size() >= MAX_WAITING || !mayStart.getAsBoolean()) {
            return false;
        }
        waiting.addLast(read);
        proceed();
        return true;
    }

    /** As {@link #start}, for what the session itself bounds and owes to its client. */
    void startOwed(Runnable read) {
        waiting.addLast(read);
        proceed();
    }

    /** The read that runs has been answered in part; this is the rest, and comes before the others. */
    void goOn(Runnable rest) {
        waiting.addFirst(rest);
        done();
    }

    /** The read that runs has been answered. */
    void done() {
        running = false;
        proceed();
    }

    boolean isRunning() {
        return running;
    }

    /** Starts the next read if it may. A read that completes at once does not start the one after it within itself. */
    void proceed() {
        if (starting || ended) {
            return;
        }
        starting = true;
        try {
            while (!running && !waiting.isEmpty() && maySend.getAsBoolean()) {
                running = true;
                heard(System.nanoTime());
                waiting.removeFirst().run();
            }
        } finally {
            starting = false;
        }
    }

    /** Part of an answer has come. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    void tick(long nowNanos) {
        if (running && nowNanos - heardNanos > PATIENCE.toNanos()) {
            done();
        } else {
            proceed();
        }
    }

    /** The session has ended: nothing is read any more. */
    void end() {
        ended = true;
        waiting.clear();
    }
}
