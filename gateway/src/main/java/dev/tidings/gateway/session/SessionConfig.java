package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConnectionLimits;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Origin;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;

/**
 * The limits and policies of every session of one gateway.
 *
 * @param slot the gateway's slot
 * @param epoch the gateway's epoch
 * @param maxFrameBytes of frames of a connected client; before, see {@link Limits#FRAME_BEFORE_CONNECTED}
 * @param maxUnacknowledgedFrames above this the session ends
 * @param maxBufferedBytes of frames that the socket has not taken or the client has not acknowledged; above this the session
 *     ends
 * @param ackTimeout after which an unacknowledged frame is sent again
 * @param loginPolicy how many devices of a user may be connected at once
 * @param presenceVisibility the users that see a user's presence
 */
public record SessionConfig(
        int slot,
        long epoch,
        int maxFrameBytes,
        int maxUnacknowledgedFrames,
        long maxBufferedBytes,
        Duration ackTimeout,
        LoginPolicy loginPolicy,
        WatchPresence.Visibility presenceVisibility) {

    static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);
    static final Duration HEARTBEAT_TIMEOUT = HEARTBEAT_INTERVAL.multipliedBy(3);
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    static final Duration OPEN_TIMEOUT = Duration.ofSeconds(15);

    /** After this time a socket that has not closed is closed by force. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** How long an ended session is kept: until INBOX knows of its end, events that come for it are reported as undelivered. */
    static final Duration KEEP_ENDED = Duration.ofSeconds(10);

    /** The address of an answer. {@code frameId} is empty where no client waits for one. */
    Origin origin(String sessionId, String frameId) {
        return Origin.newBuilder()
                .setGatewaySlot(slot)
                .setSessionId(sessionId)
                .setFrameId(frameId)
                .build();
    }

    /** The frame that completes a handshake, with the limits that the client must keep. */
    Connected connected(String sessionId, String userId, boolean resumed) {
        return Connected.newBuilder()
                .setSessionId(sessionId)
                .setUserId(userId)
                .setHeartbeatSeconds((int) HEARTBEAT_INTERVAL.toSeconds())
                .setLimits(ConnectionLimits.newBuilder()
                        .setMaxFrameBytes(maxFrameBytes)
                        .setMaxContentBytes(CommandCheck.MAX_CONTENT_BYTES)
                        .setMaxUnacknowledgedFrames(maxUnacknowledgedFrames)
                        .setMaxPullEvents(ClientApi.MAX_PULL_EVENTS))
                .setResumed(resumed)
                .build();
    }
}
