package dev.tidings.gateway.session;

import dev.tidings.gateway.auth.Exclusion;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReplaced;

/**
 * The end of a connection as its client sees it.
 *
 * @param frame the last frame: the reason, whether to connect again, and when
 * @param reason the close code of the socket
 */
record Disconnection(Disconnect frame, CloseReason reason) {

    /** Spreads single clients that are disconnected at the same moment. */
    private static final int JITTER_MILLIS = 2_000;

    /** Within this time slow clients are disconnected and their memory is free again. */
    private static final int MEMORY_PAUSE_MILLIS = 5_000;

    ServerFrame toServerFrame() {
        return ServerFrame.newBuilder().setDisconnect(frame).build();
    }

    static Disconnection slowConsumer() {
        return reconnect(Disconnect.Code.SLOW_CONSUMER, CloseReason.SLOW_CONSUMER);
    }

    static Disconnection connectTimeout() {
        return reconnect(Disconnect.Code.CONNECT_TIMEOUT, CloseReason.TIMEOUT);
    }

    static Disconnection heartbeatTimeout() {
        return reconnect(Disconnect.Code.HEARTBEAT_TIMEOUT, CloseReason.TIMEOUT);
    }

    /** The client may connect again; the same frame will be rejected again. */
    static Disconnection frameTooLarge() {
        return reconnect(Disconnect.Code.FRAME_TOO_LARGE, CloseReason.FRAME_TOO_LARGE);
    }

    /** The session cannot be opened because a part of the system does not answer. */
    static Disconnection unavailable() {
        return reconnect(Disconnect.Code.UNAVAILABLE, CloseReason.UNAVAILABLE);
    }

    /** The client needs another token before it connects again. */
    static Disconnection tokenRejected() {
        return stayAway(Disconnect.Code.INVALID_TOKEN, CloseReason.INVALID_TOKEN);
    }

    /** The token has expired, and the client has sent no fresh one: it connects again with another. */
    static Disconnection tokenExpired() {
        return reconnect(Disconnect.Code.TOKEN_EXPIRED, CloseReason.INVALID_TOKEN);
    }

    /** The token is revoked: the user has to sign in again. */
    static Disconnection tokenRevoked() {
        return stayAway(Disconnect.Code.TOKEN_REVOKED, CloseReason.TOKEN_REVOKED);
    }

    static Disconnection draining(int afterMillis, int jitterMillis) {
        return reconnectLater(Disconnect.Code.DRAINING, afterMillis, jitterMillis, CloseReason.GOING_AWAY);
    }

    static Disconnection overloaded(ConnectAdmission.Decision.Rejected retry) {
        return reconnectLater(
                Disconnect.Code.OVERLOADED, retry.retryAfterMillis(), retry.jitterMillis(), CloseReason.UNAVAILABLE);
    }

    /** The address connects too often, or the address or the user has too many connections. */
    static Disconnection tooManyConnections(int afterMillis) {
        return reconnectLater(
                Disconnect.Code.TOO_MANY_CONNECTIONS,
                Math.min(ReconnectRate.MAX_MILLIS, afterMillis),
                JITTER_MILLIS,
                CloseReason.TOO_MANY_CONNECTIONS);
    }

    /** The gateway has no room for another session. */
    static Disconnection noRoom() {
        return reconnectLater(
                Disconnect.Code.OVERLOADED, MEMORY_PAUSE_MILLIS, MEMORY_PAUSE_MILLIS, CloseReason.UNAVAILABLE);
    }

    /** Another session takes the place of this one, or its device is revoked. */
    static Disconnection replaced(SessionReplaced.Reason reason) {
        return switch (reason) {
            case SAME_DEVICE, REASON_UNSPECIFIED, UNRECOGNIZED ->
                stayAway(Disconnect.Code.REPLACED, CloseReason.REPLACED);
            case OTHER_DEVICE -> stayAway(Disconnect.Code.OTHER_DEVICE_CONNECTED, CloseReason.OTHER_DEVICE_CONNECTED);
            case REVOKED -> stayAway(Disconnect.Code.DEVICE_REVOKED, CloseReason.DEVICE_REVOKED);
            case GATEWAY_GONE -> throw new IllegalArgumentException("a gateway that is gone drains its sessions");
        };
    }

    /** The user may not use the gateway. */
    static Disconnection excluded(Exclusion exclusion) {
        return switch (exclusion) {
            case BANNED -> stayAway(Disconnect.Code.BANNED, CloseReason.BANNED);
            case USER_DISABLED -> stayAway(Disconnect.Code.USER_DISABLED, CloseReason.USER_DISABLED);
        };
    }

    private static Disconnection reconnect(Disconnect.Code code, CloseReason reason) {
        return reconnectLater(code, 0, JITTER_MILLIS, reason);
    }

    private static Disconnection reconnectLater(
            Disconnect.Code code, int afterMillis, int jitterMillis, CloseReason reason) {
        return new Disconnection(
                Disconnect.newBuilder()
                        .setCode(code)
                        .setReconnect(true)
                        .setAfterMs(afterMillis)
                        .setJitterMs(jitterMillis)
                        .build(),
                reason);
    }

    /** The client must not connect again by itself. */
    private static Disconnection stayAway(Disconnect.Code code, CloseReason reason) {
        return new Disconnection(
                Disconnect.newBuilder().setCode(code).setReconnect(false).build(), reason);
    }
}
