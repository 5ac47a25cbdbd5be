package dev.tidings.gateway.session;

import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.Disconnect;

/**
 * How a gateway ends a session that was properly begun.
 *
 * @param told the last thing its client hears: why, and whether and when to come back
 * @param reason how the socket is closed
 */
record Farewell(Disconnect told, CloseReason reason) {

    /** A single client that is to come back need not wait long; but many may be single ones at the same time. */
    private static final int JITTER_MILLIS = 2_000;

    /** Slow clients are ended after this long at most, and leave room. */
    private static final int MEMORY_PAUSE_MILLIS = 5_000;

    static Farewell tooSlow() {
        return soon(Disconnect.Code.SLOW_CONSUMER, CloseReason.SLOW_CONSUMER);
    }

    static Farewell connectMissed() {
        return soon(Disconnect.Code.CONNECT_TIMEOUT, CloseReason.TIMEOUT);
    }

    static Farewell silent() {
        return soon(Disconnect.Code.HEARTBEAT_TIMEOUT, CloseReason.TIMEOUT);
    }

    /** More bytes than a frame may have. The client may come back, without that frame. */
    static Farewell frameTooLarge() {
        return soon(Disconnect.Code.FRAME_TOO_LARGE, CloseReason.FRAME_TOO_LARGE);
    }

    /** The session could not be opened: a part of the system does not answer. */
    static Farewell unavailable() {
        return soon(Disconnect.Code.UNAVAILABLE, CloseReason.UNAVAILABLE);
    }

    /** The client needs another token first. */
    static Farewell tokenRejected() {
        return never(Disconnect.Code.INVALID_TOKEN, CloseReason.INVALID_TOKEN);
    }

    static Farewell draining(int afterMillis, int jitterMillis) {
        return later(Disconnect.Code.DRAINING, afterMillis, jitterMillis, CloseReason.GOING_AWAY);
    }

    static Farewell overloaded(Openings.Reception.TurnedAway appointment) {
        return later(
                Disconnect.Code.OVERLOADED,
                appointment.afterMillis(),
                appointment.jitterMillis(),
                CloseReason.UNAVAILABLE);
    }

    /** The gateway has no memory for another session. */
    static Farewell outOfMemory() {
        return later(Disconnect.Code.OVERLOADED, MEMORY_PAUSE_MILLIS, MEMORY_PAUSE_MILLIS, CloseReason.UNAVAILABLE);
    }

    /** The device has another session. */
    static Farewell replaced() {
        return never(Disconnect.Code.REPLACED, CloseReason.REPLACED);
    }

    static Farewell otherDeviceConnected() {
        return never(Disconnect.Code.OTHER_DEVICE_CONNECTED, CloseReason.OTHER_DEVICE_CONNECTED);
    }

    static Farewell deviceRevoked() {
        return never(Disconnect.Code.DEVICE_REVOKED, CloseReason.DEVICE_REVOKED);
    }

    /** The user, the device or the address. */
    static Farewell banned() {
        return never(Disconnect.Code.BANNED, CloseReason.BANNED);
    }

    private static Farewell soon(Disconnect.Code code, CloseReason reason) {
        return later(code, 0, JITTER_MILLIS, reason);
    }

    private static Farewell later(Disconnect.Code code, int afterMillis, int jitterMillis, CloseReason reason) {
        return new Farewell(
                Disconnect.newBuilder()
                        .setCode(code)
                        .setReconnect(true)
                        .setAfterMs(afterMillis)
                        .setJitterMs(jitterMillis)
                        .build(),
                reason);
    }

    /** Not by itself: its user has to want it. */
    private static Farewell never(Disconnect.Code code, CloseReason reason) {
        return new Farewell(
                Disconnect.newBuilder().setCode(code).setReconnect(false).build(), reason);
    }
}
