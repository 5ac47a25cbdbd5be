package dev.tidings.ops.bench.websocket;

import java.nio.ByteBuffer;

/** A WebSocket connection of a client. Thread-safe; sends messages in the order of the calls. */
public interface WebSocketClient {

    /** Sends one message. Keeps in memory what the socket does not take at once. Does nothing after the connection has closed. */
    void send(byte[] payload);

    /** Closes the connection at once, without a closing handshake; {@link Listener#closed} follows. */
    void close();

    /** Receives what happens on a connection. One thread calls it, in order. */
    interface Listener {
        /** The handshake has succeeded: messages can be sent from now on. */
        void opened(WebSocketClient client);

        /** One message arrived. The payload is valid during the call only. */
        void received(ByteBuffer payload);

        /** The connection has ended, or never opened. Called once, as the last call. */
        void closed(String reason);
    }
}
