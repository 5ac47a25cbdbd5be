package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.v1.ServerFrame;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The way out to one client. No method blocks; after the way is closed they do nothing. */
public interface Transport {

    void send(ServerFrame frame);

    void send(EventFrame frame);

    /** Of the client; null where it is not known any more. */
    @Nullable
    InetAddress address();

    /** Whether what is sent now would wait behind so much else that it comes late. */
    boolean isBehind();

    /** Closes in good order, after what was sent before. */
    void close(CloseReason reason);

    /** WebSocket close codes, as far as a client may see them. */
    enum CloseReason {
        GOING_AWAY(1001),
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
