package dev.tidings.gateway.http;

import com.codahale.metrics.Meter;
import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.session.Transport;
import dev.tidings.v1.ServerFrame;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/** A WebSocket as the way out to a client. */
final class WebSocketTransport implements Transport {

    private static final int MAX_WAITING_FRAMES = 64;
    private static final int MAX_WAITING_BYTES = 1_048_576;

    private final WebSocketChannel channel;
    private final @Nullable InetAddress address;
    private final FrameCodec codec;
    private final Meter framesOut;
    private final AtomicInteger waitingFrames = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();

    WebSocketTransport(WebSocketChannel channel, @Nullable InetAddress address, FrameCodec codec, Meter framesOut) {
        this.channel = channel;
        this.address = address;
        this.codec = codec;
        this.framesOut = framesOut;
    }

    @Override
    public void send(ServerFrame frame) {
        send(codec.encode(frame));
    }

    @Override
    public void send(EventFrame frame) {
        send(codec.encode(frame));
    }

    private void send(ByteBuffer bytes) {
        framesOut.mark();
        int size = bytes.remaining();
        waitingFrames.incrementAndGet();
        waitingBytes.addAndGet(size);
        switch (codec) {
            case JSON -> WebSockets.sendText(bytes, channel, written, size);
            case PROTO -> WebSockets.sendBinary(bytes, channel, written, size);
        }
    }

    @Override
    public @Nullable InetAddress address() {
        return address;
    }

    @Override
    public boolean isBehind() {
        return waitingFrames.get() > MAX_WAITING_FRAMES || waitingBytes.get() > MAX_WAITING_BYTES;
    }

    @Override
    public void close(CloseReason reason) {
        String text = reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        WebSockets.sendClose(new CloseMessage(reason.code(), text), channel, CLOSE_ON_FAILURE);
    }

    /** Hears of every frame, with its size, once the socket has taken it. */
    private final WebSocketCallback<Integer> written = new WebSocketCallback<>() {
        @Override
        public void complete(WebSocketChannel channel, Integer size) {
            waitingFrames.decrementAndGet();
            waitingBytes.addAndGet(-size);
        }

        @Override
        public void onError(WebSocketChannel channel, Integer size, Throwable failure) {
            complete(channel, size);
            CLOSE_ON_FAILURE.onError(channel, null, failure);
        }
    };

    /** A socket that cannot be written to is dead; closing it ends the session. */
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
