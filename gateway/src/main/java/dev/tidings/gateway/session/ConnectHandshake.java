package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.schemas.id.ExternalId;
import dev.tidings.v1.Connect;
import dev.tidings.v1.Error;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Session;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One valid connect of a client, on its way to an open session: admission, authentication, and the command to INBOX. */
final class ConnectHandshake implements Runnable {

    /** The outcome of {@link #authenticate}. */
    sealed interface Authentication {

        record Authenticated(Principal principal) implements Authentication {}

        record Failed(Error error, Disconnection disconnection) implements Authentication {}
    }

    private final String frameId;
    private final Connect connect;
    private final Consumer<ConnectHandshake> whenAdmitted;

    /** @param whenAdmitted continues the handshake; may block */
    ConnectHandshake(String frameId, Connect connect, Consumer<ConnectHandshake> whenAdmitted) {
        this.frameId = frameId;
        this.connect = connect;
        this.whenAdmitted = whenAdmitted;
    }

    /** Returns what is invalid in a connect, or null. */
    static @Nullable Error check(Connect connect) {
        if (!ExternalId.isValid(connect.getDeviceId())) {
            return Errors.invalidArgument("deviceId must be 1 to 128 bytes without control characters");
        }
        if (connect.getPlatform() == Platform.UNRECOGNIZED) {
            return Errors.invalidArgument("platform is " + connect.getPlatformValue()
                    + "; WEB, IOS, ANDROID, DESKTOP and SERVER are allowed");
        }
        long resumeSince = connect.getResume().getVersion();
        return connect.hasResume() && resumeSince < 1
                ? Errors.invalidArgument("resume.version is " + resumeSince + "; it must be at least 1")
                : null;
    }

    /** Returns why a valid token must not be used by a session of the device, or null. */
    static @Nullable Error checkToken(Principal principal, String deviceId) {
        if (!principal.has(Scope.USER)) {
            return Errors.error(Error.Code.INVALID_TOKEN, "the token does not grant the scope user");
        }
        return principal.isFor(deviceId)
                ? null
                : Errors.error(Error.Code.INVALID_TOKEN, "the token is for another device than \"" + deviceId + '"');
    }

    String frameId() {
        return frameId;
    }

    String deviceId() {
        return connect.getDeviceId();
    }

    /** Called by {@link ConnectAdmission} when the session may open. */
    @Override
    public void run() {
        whenAdmitted.accept(this);
    }

    /** Verifies the token; may block. */
    Authentication authenticate(Authenticator authenticator) {
        try {
            Principal principal = authenticator.authenticate(connect.getToken());
            Error refusal = checkToken(principal, connect.getDeviceId());
            return refusal == null
                    ? new Authentication.Authenticated(principal)
                    : new Authentication.Failed(refusal, Disconnection.tokenRejected());
        } catch (RejectedTokenException e) {
            return new Authentication.Failed(
                    error(e),
                    e.code() == Error.Code.UNAVAILABLE ? Disconnection.unavailable() : Disconnection.tokenRejected());
        }
    }

    static Error error(RejectedTokenException rejection) {
        String message = String.valueOf(rejection.getMessage());
        return rejection.code() == Error.Code.UNAVAILABLE
                ? Errors.unavailable(message)
                : Errors.error(rejection.code(), message);
    }

    /** The command that makes INBOX open the session. */
    OpenSession openSession(String sessionId, SessionConfig config) {
        return OpenSession.newBuilder()
                .setSession(Session.newBuilder()
                        .setSessionId(sessionId)
                        .setDeviceId(connect.getDeviceId())
                        .setPlatform(connect.getPlatform())
                        .setGatewaySlot(config.slot())
                        .setGatewayEpoch(config.epoch()))
                .setResumeSince(connect.getResume().getVersion())
                .setLoginPolicy(config.loginPolicy())
                .setFrameId(frameId)
                .build();
    }
}
