package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.frame.FrameCodec;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.Error;
import org.jspecify.annotations.Nullable;

/** The errors of a connection that do not depend on a request: frames that are malformed or come at the wrong time. */
final class ProtocolErrors {

    private ProtocolErrors() {}

    static Error frameTooLarge(int limitBytes) {
        String when = limitBytes == Limits.FRAME_BEFORE_CONNECTED ? " before connected" : "";
        return Errors.error(
                Error.Code.INVALID_FRAME,
                "the frame has more than " + limitBytes + " bytes; at most " + limitBytes + " are allowed" + when);
    }

    static Error invalidFrame(@Nullable String why) {
        return Errors.error(Error.Code.INVALID_FRAME, "not a frame: " + why);
    }

    static Error emptyFrame() {
        return Errors.error(Error.Code.INVALID_FRAME, "the frame has no body");
    }

    static Error idTooLong(int bytes) {
        return Errors.invalidArgument(
                "id has " + bytes + " bytes; at most " + FrameCodec.MAX_ID_BYTES + " are allowed");
    }

    static Error notConnected() {
        return Errors.error(Error.Code.NOT_CONNECTED, "the session is not open; send connect and wait for connected");
    }

    static Error alreadyConnected() {
        return Errors.error(
                Error.Code.ALREADY_CONNECTED, "connect was accepted before; one is allowed in a connection");
    }

    static Error openTimeout() {
        return Errors.unavailable(
                "the session could not be opened within " + SessionConfig.OPEN_TIMEOUT.toSeconds() + " s; retry");
    }
}
