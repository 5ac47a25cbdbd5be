package dev.tidings.gateway.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that one gateway holds for all its clients: frames that a socket has not taken, events that a client has
 * not acknowledged (an event that sessions share counts once), frames that are half received, and bodies of HTTP requests. Thread-safe.
 */
public final class BufferBudget {

    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    /** @param limitBytes above this, sessions are ended: see {@link Sessions} */
    public BufferBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** @param bytes negative when memory is released */
    public void add(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    public long heldBytes() {
        return heldBytes.get();
    }

    /** The bytes above the limit; 0 or less within it. */
    long excessBytes() {
        return heldBytes.get() - limitBytes;
    }

    /** Whether three quarters are used: then the gateway accepts no new sessions and starts no reads of history. */
    public boolean isScarce() {
        return heldBytes.get() > limitBytes / 4 * 3;
    }
}
