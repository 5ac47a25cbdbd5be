package dev.tidings.gateway.http;

import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.gateway.transport.FrameWriter;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/** Writes frames to a WebSocket. Undertow's own queue has no limit, so it gets a few frames at a time. */
final class WebSocketWriter implements FrameWriter {

    /** Bytes that Undertow has and has not written. A larger frame is sent alone. */
    private static final int MAX_IN_FLIGHT_BYTES = 65_536;

    private final WebSocketChannel channel;
    private final FrameCodec codec;

    WebSocketWriter(WebSocketChannel channel, FrameCodec codec) {
        this.channel = channel;
        this.codec = codec;
    }

    @Override
    public boolean isWritable(long inFlightBytes) {
        return inFlightBytes < MAX_IN_FLIGHT_BYTES;
    }

    @Override
    public void write(ByteBuffer frame, Runnable whenWritten) {
        switch (codec) {
            case JSON -> WebSockets.sendText(frame, channel, RUN_WHEN_WRITTEN, whenWritten);
            case PROTO -> WebSockets.sendBinary(frame, channel, RUN_WHEN_WRITTEN, whenWritten);
        }
    }

    @Override
    public void close(CloseReason reason) {
        String text = reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        WebSockets.sendClose(new CloseMessage(reason.code(), text), channel, CLOSE_ON_FAILURE);
    }

    @Override
    public void abort() {
        IoUtils.safeClose(channel);
    }

    private static final WebSocketCallback<Runnable> RUN_WHEN_WRITTEN = new WebSocketCallback<>() {
        @Override
        public void complete(WebSocketChannel channel, Runnable whenWritten) {
            whenWritten.run();
        }

        @Override
        public void onError(WebSocketChannel channel, Runnable whenWritten, Throwable failure) {
            whenWritten.run();
            IoUtils.safeClose(channel);
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
