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
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/** A WebSocket as the way out to a client. */
final class WebSocketTransport implements Transport {

    private final WebSocketChannel channel;
    private final FrameCodec codec;
    private final Meter framesOut;

    WebSocketTransport(WebSocketChannel channel, FrameCodec codec, Meter framesOut) {
        this.channel = channel;
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
        switch (codec) {
            case JSON -> WebSockets.sendText(bytes, channel, CLOSE_ON_FAILURE);
            case PROTO -> WebSockets.sendBinary(bytes, channel, CLOSE_ON_FAILURE);
        }
    }

    @Override
    public void close(CloseReason reason) {
        String text = reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        WebSockets.sendClose(new CloseMessage(reason.code(), text), channel, CLOSE_ON_FAILURE);
    }

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
