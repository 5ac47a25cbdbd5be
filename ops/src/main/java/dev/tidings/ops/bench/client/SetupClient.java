package dev.tidings.ops.bench.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Platform;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that prepares a run as one user, on a device of its own, and closes its connection when it is done or has failed.
 * Thread-safe.
 *
 * @param <O> the outcome
 */
abstract class SetupClient<O> implements WebSocketClient.Listener {

    static final String CONNECT_ID = "c";

    private final String token;
    private final String deviceId;
    private final FrameFormat format;
    private final CompletableFuture<O> outcome = new CompletableFuture<>();
    private @Nullable WebSocketClient webSocket;

    /** @param token of the user */
    SetupClient(String token, String deviceId, FrameFormat format) {
        this.token = token;
        this.deviceId = deviceId;
        this.format = format;
    }

    /** Handles a frame; the caller holds the lock. */
    abstract void handle(ServerFrame frame);

    /** Returns the outcome of a failure. */
    abstract O failure(String reason);

    /** Waits for the outcome. Returns a failure after the timeout. */
    public final O outcome(Duration timeout) {
        O timedOut = failure("not done within " + timeout.toSeconds() + " s");
        return outcome.completeOnTimeout(timedOut, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    @Override
    public final synchronized void opened(WebSocketClient opened) {
        webSocket = opened;
        write(ClientFrame.newBuilder()
                .setId(CONNECT_ID)
                .setConnect(Connect.newBuilder()
                        .setToken(token)
                        .setDeviceId(deviceId)
                        .setPlatform(Platform.SERVER)));
    }

    @Override
    public final synchronized void received(ByteBuffer payload) {
        try {
            handle(format.decode(payload));
        } catch (InvalidProtocolBufferException e) {
            fail("unreadable frame: " + e.getMessage());
        }
    }

    @Override
    public final synchronized void closed(String reason) {
        fail(reason);
    }

    final void fail(String reason) {
        complete(failure(reason));
    }

    final void complete(O result) {
        if (outcome.complete(result) && webSocket != null) {
            webSocket.close();
        }
    }

    final void write(ClientFrame.Builder frame) {
        if (webSocket != null) {
            webSocket.send(format.encode(frame.build()));
        }
    }
}
