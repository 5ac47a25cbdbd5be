package dev.tidings.gateway.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * Runs the reads of one session, a range of history or a sync, one at a time and only while the socket takes what was read
 * before. So a client that requests much and reads nothing cannot fill the gateway's memory. Not thread-safe: guarded by the
 * session's lock.
 */
final class ReadQueue {

    static final int MAX_QUEUED = 16;

    /** After this time without an answer a read counts as lost and the next one starts. INBOX takes milliseconds. */
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final BooleanSupplier socketTakesMore;
    private final BooleanSupplier memoryIsFree;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private boolean running;
    private boolean starting;
    private boolean ended;
    private long progressNanos;

    /**
     * @param socketTakesMore whether the socket takes what is read
     * @param memoryIsFree whether the gateway has memory for further reads
     */
    ReadQueue(BooleanSupplier socketTakesMore, BooleanSupplier memoryIsFree) {
        this.socketTakesMore = socketTakesMore;
        this.memoryIsFree = memoryIsFree;
    }

    /**
     * Queues a read. {@link #finished} must follow once it is answered.
     *
     * @return false if the queue is full or the gateway is short of memory
     */
    boolean offer(Runnable read) {
        if (queue.size() >= MAX_QUEUED || !memoryIsFree.getAsBoolean()) {
            return false;
        }
        add(read);
        return true;
    }

    /** Queues a read without a limit, for reads that the session itself bounds. */
    void add(Runnable read) {
        queue.addLast(read);
        startNext();
    }

    /** The running read is answered in part; the rest runs before all queued reads. */
    void continueWith(Runnable rest) {
        queue.addFirst(rest);
        finished();
    }

    /** The running read is answered. */
    void finished() {
        running = false;
        startNext();
    }

    boolean isRunning() {
        return running;
    }

    /** Starts the next read if it may start. A read that finishes at once does not nest the next one in itself. */
    void startNext() {
        if (starting || ended) {
            return;
        }
        starting = true;
        try {
            while (!running && !queue.isEmpty() && socketTakesMore.getAsBoolean()) {
                running = true;
                progress(System.nanoTime());
                queue.removeFirst().run();
            }
        } finally {
            starting = false;
        }
    }

    /** A part of the answer has come. */
    void progress(long nowNanos) {
        progressNanos = nowNanos;
    }

    void tick(long nowNanos) {
        if (running && nowNanos - progressNanos > TIMEOUT.toNanos()) {
            finished();
        } else {
            startNext();
        }
    }

    /** The session has ended: drops all queued reads and starts no more. */
    void end() {
        ended = true;
        queue.clear();
    }
}
