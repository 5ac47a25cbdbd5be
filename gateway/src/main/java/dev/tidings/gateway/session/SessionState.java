package dev.tidings.gateway.session;

import java.time.Duration;

/**
 * The states of a connection, each with the data that exists only in it. {@link ClientSession} draws the transitions.
 */
sealed interface SessionState {

    /** When the state was entered, by {@link System#nanoTime}. */
    long sinceNanos();

    default boolean isOlderThan(Duration timeout, long nowNanos) {
        return nowNanos - sinceNanos() > timeout.toNanos();
    }

    /** The client has not sent a valid connect. */
    record AwaitingConnect(long sinceNanos) implements SessionState {}

    /** The client has sent connect and waits for connected. */
    sealed interface Connecting extends SessionState {

        ConnectHandshake handshake();
    }

    /** INBOX knows the session or is about to: deliveries may come. */
    sealed interface Registered extends SessionState {

        UserSession user();
    }

    /** Waits for admission: see {@link ConnectAdmission}. */
    record AwaitingAdmission(long sinceNanos, ConnectHandshake handshake) implements Connecting {}

    /** The token is being verified. */
    record Authenticating(long sinceNanos, ConnectHandshake handshake) implements Connecting {}

    /** INBOX is asked to open the session. Deliveries are held back until {@code connected} is sent. */
    record Opening(long sinceNanos, ConnectHandshake handshake, UserSession user) implements Connecting, Registered {}

    /** The client is connected. */
    record Open(long sinceNanos, UserSession user) implements Registered {}

    /** The socket is closed or closing. */
    sealed interface Closed extends SessionState {}

    /** Closed before the session was registered. */
    record Abandoned(long sinceNanos) implements Closed {}

    /** Closed after the session was registered. Deliveries that INBOX has sent meanwhile may still come. */
    record Ended(long sinceNanos, UserSession user) implements Closed {}
}
