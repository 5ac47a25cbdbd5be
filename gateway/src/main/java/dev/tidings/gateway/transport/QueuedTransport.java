package dev.tidings.gateway.transport;

import com.codahale.metrics.Meter;
import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.Transport;
import dev.tidings.v1.ServerFrame;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the frames of one session over its connection.
 *
 * <pre>
 * send ──▶ queue of messages ──one thread at a time, without locks──▶ encoded ──▶ {@link FrameWriter} ──▶ connection
 * heads ──▶ the last of each conversation ──only while the queue is empty──┘
 * </pre>
 *
 * The queues of network libraries have no limit, so the writer gets only what the connection is about to take. Every byte counts
 * against the {@link BufferBudget}, from {@code send} until the writer has written it or the connection is gone.
 */
public final class QueuedTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(QueuedTransport.class);

    private static final int MAX_WAITING_FRAMES = 64;
    private static final int MAX_WAITING_BYTES = 1_048_576;

    private final FrameWriter writer;
    private final @Nullable InetAddress address;
    private final FrameCodec codec;
    private final Executor writers;
    private final BufferBudget budget;
    private final Meter framesOut;

    private final Object lock = new Object();
    // guarded by the lock
    private final Queue<OutgoingFrame> queue = new ArrayDeque<>();
    private final Map<String, LiveHead> heads = new LinkedHashMap<>();
    private long queuedBytes;
    private long inFlightBytes;
    private int inFlightFrames;
    private long receivingBytes;
    private boolean writing;
    private boolean wasBehind;
    private @Nullable CloseReason closeReason;
    private boolean closeSent;
    private boolean gone;
    private Runnable whenCaughtUp = () -> {};

    /**
     * @param address of the client; null: not known
     * @param writers encodes and writes frames; must not run in the caller
     */
    public QueuedTransport(
            FrameWriter writer,
            @Nullable InetAddress address,
            FrameCodec codec,
            Executor writers,
            BufferBudget budget,
            Meter framesOut) {
        this.writer = writer;
        this.address = address;
        this.codec = codec;
        this.writers = writers;
        this.budget = budget;
        this.framesOut = framesOut;
    }

    @Override
    public void send(ServerFrame frame) {
        enqueue(new OutgoingFrame.Single(frame));
    }

    @Override
    public void send(EventFrame frame) {
        frame.setWaiting(true);
        enqueue(new OutgoingFrame.Event(frame));
    }

    @Override
    public void send(LiveHead head) {
        synchronized (lock) {
            if (!gone && closeReason == null) {
                heads.put(head.notice().getConversationId(), head);
                startWriting();
            }
        }
    }

    private void enqueue(OutgoingFrame frame) {
        synchronized (lock) {
            if (!gone && closeReason == null) {
                queue.add(frame);
                queuedBytes += frame.bytes();
                budget.add(frame.hold());
                wasBehind |= isBehind();
                startWriting();
            }
        }
    }

    @Override
    public @Nullable InetAddress address() {
        return address;
    }

    @Override
    public boolean isBehind() {
        synchronized (lock) {
            return queue.size() + inFlightFrames > MAX_WAITING_FRAMES
                    || queuedBytes + inFlightBytes > MAX_WAITING_BYTES;
        }
    }

    @Override
    public void onCaughtUp(Runnable task) {
        synchronized (lock) {
            whenCaughtUp = task;
        }
    }

    @Override
    public long waitingBytes() {
        synchronized (lock) {
            return queuedBytes + inFlightBytes + receivingBytes;
        }
    }

    /** @param bytes the memory of the partial frame of the client; 0: there is none */
    public void receiving(int bytes) {
        synchronized (lock) {
            if (!gone) {
                budget.add(bytes - receivingBytes);
                receivingBytes = bytes;
            }
        }
    }

    @Override
    public void discardWaiting() {
        synchronized (lock) {
            queue.forEach(frame -> budget.add(-frame.release()));
            queue.clear();
            heads.clear();
            queuedBytes = 0;
        }
    }

    @Override
    public void close(CloseReason reason) {
        synchronized (lock) {
            if (closeReason == null) {
                closeReason = reason;
                startWriting();
            }
        }
    }

    @Override
    public void abort() {
        connectionGone();
        execute(writer::abort);
    }

    /** The connection takes frames again. */
    public void resume() {
        synchronized (lock) {
            startWriting();
        }
    }

    /** Releases everything: nothing is written any more. */
    public void connectionGone() {
        synchronized (lock) {
            if (!gone) {
                gone = true;
                discardWaiting();
                budget.add(-inFlightBytes - receivingBytes);
                inFlightBytes = 0;
                receivingBytes = 0;
                inFlightFrames = 0;
            }
        }
    }

    /** Call it under the lock. */
    private void startWriting() {
        boolean hasWork = !queue.isEmpty() || !heads.isEmpty() || (closeReason != null && !closeSent);
        if (hasWork && !writing && !gone) {
            writing = execute(this::write);
        }
    }

    private boolean execute(Runnable task) {
        try {
            writers.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("gateway is closing: nothing is written any more", e);
            return false;
        }
    }

    /** Writes as much as the connection takes. One thread at a time writes, which keeps the order. */
    private void write() {
        try {
            for (OutgoingFrame next = next(); next != null; next = next()) {
                encodeAndSend(next);
            }
        } catch (RuntimeException e) {
            LOG.error("frame could not be written; closing the connection", e);
            abort();
        }
    }

    /** Returns the next frame to encode; null, and ends the writing, if there is none or the connection does not take it yet. */
    private @Nullable OutgoingFrame next() {
        CloseReason closing = null;
        synchronized (lock) {
            if (!gone && writer.isWritable(inFlightBytes)) {
                OutgoingFrame next = queue.poll();
                if (next == null) {
                    next = nextHead();
                }
                if (next != null) {
                    queuedBytes -= next.bytes();
                    return next;
                }
                if (closeReason != null && !closeSent) {
                    closeSent = true;
                    closing = closeReason;
                }
            }
            writing = false;
        }
        if (closing != null) {
            writer.close(closing);
        }
        return null;
    }

    private @Nullable OutgoingFrame nextHead() {
        Iterator<LiveHead> oldest = heads.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        LiveHead head = oldest.next();
        oldest.remove();
        return new OutgoingFrame.Head(head);
    }

    private void encodeAndSend(OutgoingFrame frame) {
        ByteBuffer bytes = frame.encode(codec);
        int size = bytes.remaining();
        synchronized (lock) {
            if (gone) {
                budget.add(-frame.release());
                return;
            }
            inFlightBytes += size;
            inFlightFrames++;
            budget.add(size - frame.release());
        }
        framesOut.mark();
        Runnable whenWritten = frame.whenWritten();
        writer.write(bytes, () -> written(size, whenWritten));
    }

    private void written(int bytes, Runnable whenWritten) {
        whenWritten.run();
        synchronized (lock) {
            if (gone) {
                return;
            }
            inFlightBytes -= bytes;
            inFlightFrames--;
            budget.add(-bytes);
            if (wasBehind && !isBehind()) {
                wasBehind = false;
                // in another thread: the caller may hold a lock of its own
                execute(whenCaughtUp);
            }
            startWriting();
        }
    }
}
