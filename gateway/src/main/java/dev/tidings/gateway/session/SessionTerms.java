package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.ConnectionLimits;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;

/**
 * What holds for every session of this gateway.
 *
 * @param slot the gateway's
 * @param epoch the gateway's
 * @param maxFrameBytes of a client that is connected; before, see {@link Limits#FRAME_BEFORE_CONNECTED}
 * @param maxBufferedBytes of frames that the socket has not taken or the client has not acknowledged; beyond it the session
 *     ends
 * @param loginPolicy how many devices of a user may be connected at once
 * @param presenceVisibility who sees a user's presence
 */
public record SessionTerms(
        int slot,
        long epoch,
        int maxFrameBytes,
        int maxUnacknowledgedFrames,
        long maxBufferedBytes,
        Duration ackTimeout,
        LoginPolicy loginPolicy,
        WatchPresence.Visibility presenceVisibility) {

    static final Duration HEARTBEAT = Duration.ofSeconds(10);
    static final Duration SILENCE = HEARTBEAT.multipliedBy(3);
    static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    static final Duration OPEN_WITHIN = Duration.ofSeconds(15);
    /** How long a socket may take to close in good order. Then it is closed by force. */
    static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    /** How long after its end a session is known here: what comes for it until INBOX knows of it was not delivered. */
    static final Duration REMEMBERED = Duration.ofSeconds(10);

    ConnectionLimits limits() {
        return ConnectionLimits.newBuilder()
                .setMaxFrameBytes(maxFrameBytes)
                .setMaxContentBytes(CommandCheck.MAX_CONTENT_BYTES)
                .setMaxUnacknowledgedFrames(maxUnacknowledgedFrames)
                .setMaxPullEvents(ClientApi.MAX_PULL_EVENTS)
                .build();
    }
}
