package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.v1.ServerFrame;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The way out to one client. A frame is queued as it is, and encoded once the socket takes it, in a thread of its own: no
 * method blocks or encodes. After the way is closed they do nothing.
 */
public interface Transport {

    void send(ServerFrame frame);

    void send(EventFrame frame);

    /** Of the client; null where it is not known any more. */
    @Nullable
    InetAddress address();
    /** Sends it once nothing else waits; of several for one conversation, the last. */
    void send(LiveHead head);

    /** Whether what is sent now would wait behind so much else that it comes late. */
    boolean isBehind();

    /** @param task runs, from any thread, each time that the transport is no longer behind */
    void onCaughtUp(Runnable task);

    /** Of frames that the socket has not taken yet, and of one that is half received. */
    long waitingBytes();

    /** Drops the frames that are not encoded yet: the session ends, and nobody reads them. */
    void discardWaiting();

    /** Closes in good order, after what was sent before. */
    void close(CloseReason reason);

    /** Closes at once; the client may not see why. Frees what waits. */
    void abort();

    /** WebSocket close codes, as far as a client may see them. */
    enum CloseReason {
        GOING_AWAY(1001),
        FRAME_TOO_LARGE(1009),
        INVALID_TOKEN(4401),
        DEVICE_REVOKED(4403),
        BANNED(4403),
        TIMEOUT(4408),
        REPLACED(4409),
        OTHER_DEVICE_CONNECTED(4410),
        SLOW_CONSUMER(4429),
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
