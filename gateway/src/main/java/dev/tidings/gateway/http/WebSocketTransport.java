package dev.tidings.gateway.http;

import com.codahale.metrics.Meter;
import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.gateway.session.Transport;
import dev.tidings.v1.ServerFrame;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/**
 * Sends the frames of one session over its WebSocket.
 *
 * <pre>
 * send ──▶ queue of messages ──one writer, without locks──▶ encoded ──▶ Undertow, at most 64 kB ──▶ socket
 * heads ──▶ the last of each conversation ──only while the queue is empty──┘
 * </pre>
 *
 * Undertow's own queue has no limit, so it gets only what the socket is about to take. Every byte counts against the {@link
 * BufferBudget}, from {@code send} until Undertow has written it or the socket is closed.
 */
final class WebSocketTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransport.class);

    private static final int MAX_WAITING_FRAMES = 64;
    private static final int MAX_WAITING_BYTES = 1_048_576;

    /** Bytes that Undertow has and has not written. A larger frame is sent alone. */
    private static final int MAX_IN_FLIGHT_BYTES = 65_536;

    /** A frame that Undertow is writing. */
    private record Sent(int bytes, Runnable whenWritten) {}

    private final WebSocketChannel channel;
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

    /** @param writers encodes and writes frames; must not run in the caller */
    WebSocketTransport(
            WebSocketChannel channel,
            @Nullable InetAddress address,
            FrameCodec codec,
            Executor writers,
            BufferBudget budget,
            Meter framesOut) {
        this.channel = channel;
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
    void receiving(int bytes) {
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
        socketGone();
        execute(() -> IoUtils.safeClose(channel));
    }

    /** Releases everything: nothing is written any more. */
    void socketGone() {
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

    /** Writes as much as the socket takes. There is one writer at a time, which keeps the order. */
    private void write() {
        try {
            for (OutgoingFrame next = next(); next != null; next = next()) {
                encodeAndSend(next);
            }
        } catch (RuntimeException e) {
            LOG.error("frame could not be written; closing the socket", e);
            abort();
        }
    }

    /** Returns the next frame to encode; null, and ends the writing, if there is none or the socket does not take it yet. */
    private @Nullable OutgoingFrame next() {
        CloseReason closing = null;
        synchronized (lock) {
            boolean full = inFlightBytes >= MAX_IN_FLIGHT_BYTES;
            if (!gone && !full) {
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
            String text = closing.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            WebSockets.sendClose(new CloseMessage(closing.code(), text), channel, CLOSE_ON_FAILURE);
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
        Sent sent = new Sent(size, frame.whenWritten());
        switch (codec) {
            case JSON -> WebSockets.sendText(bytes, channel, written, sent);
            case PROTO -> WebSockets.sendBinary(bytes, channel, written, sent);
        }
    }

    /** Called for every frame that the socket has taken. */
    private final WebSocketCallback<Sent> written = new WebSocketCallback<>() {
        @Override
        public void complete(WebSocketChannel channel, Sent sent) {
            sent.whenWritten().run();
            synchronized (lock) {
                if (gone) {
                    return;
                }
                inFlightBytes -= sent.bytes();
                inFlightFrames--;
                budget.add(-sent.bytes());
                if (wasBehind && !isBehind()) {
                    wasBehind = false;
                    // in another thread: Undertow may hold a lock of its own
                    execute(whenCaughtUp);
                }
                startWriting();
            }
        }

        @Override
        public void onError(WebSocketChannel channel, Sent sent, Throwable failure) {
            complete(channel, sent);
            CLOSE_ON_FAILURE.onError(channel, null, failure);
        }
    };

    /** Closes a socket that cannot be written to, which ends the session. */
    private static final WebSocketCallback<Void> CLOSE_ON_FAILURE = new WebSocketCallback<>() {
        @Override
        public void complete(WebSocketChannel channel, @Nullable Void nothing) {
            // sent
        }

        @Override
        public void onError(WebSocketChannel channel, @Nullable Void nothing, Throwable failure) {
            IoUtils.safeClose(channel);
        }
    };
}
