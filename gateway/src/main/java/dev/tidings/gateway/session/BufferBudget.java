package dev.tidings.gateway.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that one gateway holds for its clients: frames that a socket has not taken, events that a client has not
 * acknowledged (once, however many sessions share one), and frames that are half received. Thread-safe.
 */
public final class BufferBudget {

    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    /** @param limitBytes beyond this, sessions are ended until it is kept again */
    public BufferBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** @param bytes negative where they are no longer held */
    public void add(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    public long heldBytes() {
        return heldBytes.get();
    }

    /** By how much the limit is exceeded; 0 or less where it is kept. */
    long excessBytes() {
        return heldBytes.get() - limitBytes;
    }

    /** Whether three quarters are used: then the gateway takes no new sessions and starts no reads of history. */
    boolean isScarce() {
        return heldBytes.get() > limitBytes / 4 * 3;
    }
}
