package dev.tidings.ops.bench;

import java.nio.ByteBuffer;

/** An open WebSocket. Safe for several threads; messages leave in the order of the calls. */
interface Wire {

    /** Sends one message; what the socket does not take at once waits in memory. After the end it does nothing. */
    void send(byte[] payload);

    /** Ends the connection at once; {@link Listener#closed} follows. */
    void close();

    /** What comes in; called by one thread, in order. */
    interface Listener {
        void opened(Wire wire);

        /** The payload is valid during the call only. */
        void received(ByteBuffer payload);

        /** Once, and last; also where the connection never opened. */
        void closed(String reason);
    }
}
