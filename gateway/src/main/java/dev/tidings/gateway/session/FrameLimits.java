package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientRequest;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.gateway.limit.ConnectionCount;
import dev.tidings.gateway.limit.ConnectionRates;
import dev.tidings.gateway.limit.LimitedWork;
import dev.tidings.gateway.limit.RequestCost;
import dev.tidings.gateway.session.SessionState.Open;
import dev.tidings.gateway.session.SessionState.Registered;
import dev.tidings.v1.Error;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies the rate limits to the frames of one connection, and answers those that exceed them. Guarded by the session's lock. */
final class FrameLimits {

    private final GatewayContext gateway;
    private final Transport transport;
    private final SessionContext context;
    private final ConnectionRates rates;
    private final ConnectionCount count;

    FrameLimits(GatewayContext gateway, Transport transport, SessionContext context) {
        this.gateway = gateway;
        this.transport = transport;
        this.context = context;
        this.rates = gateway.limits().connection();
        this.count = gateway.limits().count(transport.address());
    }

    /** Counts what this connection takes of the quotas of its address and its user. */
    ConnectionCount count() {
        return count;
    }

    /**
     * Counts a frame and its request; sends an error if they exceed a limit.
     *
     * @param length bytes, or characters of JSON
     * @return whether the request is to be carried out
     */
    boolean accept(SessionState state, String frameId, ClientRequest parsed, int length) {
        Error error = check(state, LimitedWork.FRAMES, 1);
        if (error == null) {
            error = check(state, LimitedWork.BYTES, length);
        }
        if (!(state instanceof Open open && parsed instanceof ClientRequest.SessionRequest request)) {
            return isAccepted(frameId, error);
        }
        for (Map.Entry<LimitedWork, Integer> cost : RequestCost.of(request).entrySet()) {
            if (error == null) {
                error = check(state, cost.getKey(), cost.getValue());
            }
        }
        if (error != null) {
            open.user().rejectRateLimited(frameId, request, error);
        }
        return error == null;
    }

    /** Counts an invalid frame. Sends its error, or the one of the limit that it exceeds. */
    void reject(SessionState state, String frameId, Error invalid) {
        Error exceeded = check(state, LimitedWork.FRAMES, 1);
        context.fail(FrameCodec.echoed(frameId), exceeded == null ? invalid : exceeded);
    }

    private boolean isAccepted(String frameId, @Nullable Error error) {
        if (error != null) {
            context.fail(frameId, error);
        }
        return error == null;
    }

    private @Nullable Error check(SessionState state, LimitedWork work, long amount) {
        String userId =
                state instanceof Registered registered ? registered.user().userId() : null;
        return rates.check(userId, transport.address(), work, amount);
    }

    /** Counts the socket. Sends an error and returns the end of the connection if its address has too many; null: it has not. */
    @Nullable
    Disconnection enter() {
        return rejected("", count.enter());
    }

    /** Counts the session of the user, as {@link #enter()} counts the socket. */
    @Nullable
    Disconnection enter(String connectFrameId, String userId) {
        return rejected(connectFrameId, count.enter(userId));
    }

    private @Nullable Disconnection rejected(String frameId, @Nullable Error exceeded) {
        if (exceeded == null) {
            return null;
        }
        context.fail(frameId, exceeded);
        return Disconnection.tooManyConnections(exceeded.getRetryAfterMs());
    }

    /** Returns why the gateway opens no session for this connection now; null: it may. */
    @Nullable
    Disconnection rejectConnect() {
        Error tooOften = rates.check(null, transport.address(), LimitedWork.CONNECTS, 1);
        if (tooOften != null) {
            return Disconnection.tooManyConnections(tooOften.getRetryAfterMs());
        }
        return gateway.overload().rejectConnect();
    }
}
