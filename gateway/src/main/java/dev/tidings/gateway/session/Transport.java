package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.v1.ServerFrame;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sends frames to one client. Queues them as messages and encodes them in another thread once the socket takes them: no method
 * blocks or encodes. After {@link #close} they do nothing. Thread-safe.
 */
public interface Transport {

    void send(ServerFrame frame);

    void send(EventFrame frame);

    /** Sends a head once no other frame waits. Of several for one conversation only the last is sent. */
    void send(LiveHead head);

    /** The address of the client; null if the socket was closed at once. */
    @Nullable
    InetAddress address();

    /** Whether so much waits that a further frame would come late. */
    boolean isBehind();

    /** @param task runs, in any thread, each time that the transport is no longer behind */
    void onCaughtUp(Runnable task);

    /** Bytes of the frames that the socket has not taken, and of one that is half received. */
    long waitingBytes();

    /** Drops the frames that are not encoded yet, because the session ends. */
    void discardWaiting();

    /** Closes the socket with a close frame, after all frames sent before. */
    void close(CloseReason reason);

    /** Closes the socket at once, without a close frame, and releases everything that waits. */
    void abort();

    /** The WebSocket close codes that a client may see. */
    enum CloseReason {
        GOING_AWAY(1001),
        FRAME_TOO_LARGE(1009),
        INVALID_TOKEN(4401),
        DEVICE_REVOKED(4403),
        TOKEN_REVOKED(4403),
        BANNED(4403),
        USER_DISABLED(4403),
        TIMEOUT(4408),
        REPLACED(4409),
        OTHER_DEVICE_CONNECTED(4410),
        SLOW_CONSUMER(4429),
        TOO_MANY_CONNECTIONS(4429),
        UNAVAILABLE(4503);

        private final int code;

        CloseReason(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }
}
