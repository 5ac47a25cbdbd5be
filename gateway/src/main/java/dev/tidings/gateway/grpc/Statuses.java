package dev.tidings.gateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.Error;
import dev.tidings.v1.Refusal;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Locale;

/** Makes statuses with details of refusals, errors and the ends of connections. The table of status codes. */
final class Statuses {

    /** {@code ErrorInfo.domain} of all details. */
    static final String DOMAIN = "tidings";

    private Statuses() {}

    static StatusRuntimeException of(Refusal refusal) {
        return status(code(refusal.getReason()), refusal.getMessage(), info(refusal.getReason()), 0);
    }

    static StatusRuntimeException of(Error error) {
        ErrorInfo.Builder info = info(error.getCode());
        if (error.getOutcomeUnknown()) {
            info.putMetadata("outcomeUnknown", "true");
        }
        return status(code(error), error.getMessage(), info, error.getRetryAfterMs());
    }

    static StatusRuntimeException of(CloseReason reason) {
        return status(code(reason), reason.name().toLowerCase(Locale.ROOT).replace('_', ' '), info(reason), 0);
    }

    private static ErrorInfo.Builder info(Enum<?> reason) {
        return ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason.name());
    }

    /** @param retryAfterMillis 0: not known */
    private static StatusRuntimeException status(
            Status.Code code, String message, ErrorInfo.Builder info, int retryAfterMillis) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addDetails(Any.pack(info.build()));
        if (retryAfterMillis > 0) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Durations.fromMillis(retryAfterMillis))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    static Status.Code code(Error error) {
        return switch (error.getCode()) {
            case INVALID_FRAME, INVALID_ARGUMENT -> Status.Code.INVALID_ARGUMENT;
            case NOT_CONNECTED, ALREADY_CONNECTED -> Status.Code.FAILED_PRECONDITION;
            case INVALID_TOKEN, TOKEN_EXPIRED -> Status.Code.UNAUTHENTICATED;
            case FORBIDDEN, BANNED, USER_DISABLED -> Status.Code.PERMISSION_DENIED;
            case RATE_LIMITED -> Status.Code.RESOURCE_EXHAUSTED;
            case OVERLOADED -> Status.Code.UNAVAILABLE;
            // libraries repeat UNAVAILABLE by themselves; a command without ids must not be repeated
            case UNAVAILABLE -> error.getOutcomeUnknown() ? Status.Code.DEADLINE_EXCEEDED : Status.Code.UNAVAILABLE;
            case CODE_UNSPECIFIED, UNRECOGNIZED -> Status.Code.INTERNAL;
        };
    }

    static Status.Code code(Refusal.Reason reason) {
        return switch (reason) {
            case INVALID_CONVERSATION_ID,
                    INVALID_CLIENT_MSG_ID,
                    INVALID_USER_ID,
                    INVALID_ARGUMENT,
                    CONTENT_EMPTY,
                    CONTENT_TOO_LARGE,
                    COMMAND_TOO_LARGE,
                    CONVERSATION_WITH_ONESELF,
                    WRONG_KIND_OF_CONVERSATION -> Status.Code.INVALID_ARGUMENT;
            case SEQ_OUT_OF_RANGE -> Status.Code.OUT_OF_RANGE;
            case NOT_A_MEMBER, NOT_ALLOWED, INVITATION_NEEDED, MUTED, BLOCKED, STRANGER, BANNED, SYSTEM_ONLY ->
                Status.Code.PERMISSION_DENIED;
            case CONVERSATION_NOT_FOUND, MESSAGE_NOT_FOUND, REQUEST_NOT_FOUND, DEVICE_NOT_FOUND, USER_NOT_FOUND ->
                Status.Code.NOT_FOUND;
            case GROUP_EXISTS -> Status.Code.ALREADY_EXISTS;
            case GROUP_FULL,
                    OWNER_CANNOT_LEAVE,
                    MESSAGE_TOO_OLD,
                    TOO_MANY,
                    GROUP_DISSOLVED,
                    MESSAGE_RECALLED,
                    EXPIRED,
                    CONTENT_REFUSED -> Status.Code.FAILED_PRECONDITION;
            case FLOODING, REPEATING -> Status.Code.RESOURCE_EXHAUSTED;
            case REASON_UNSPECIFIED, UNRECOGNIZED -> Status.Code.INTERNAL;
        };
    }

    static Status.Code code(CloseReason reason) {
        return switch (reason) {
            case GOING_AWAY, UNAVAILABLE -> Status.Code.UNAVAILABLE;
            case INVALID_TOKEN, DEVICE_REVOKED, TOKEN_REVOKED -> Status.Code.UNAUTHENTICATED;
            case BANNED, USER_DISABLED -> Status.Code.PERMISSION_DENIED;
            case TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
            case REPLACED, OTHER_DEVICE_CONNECTED -> Status.Code.ABORTED;
            case FRAME_TOO_LARGE, SLOW_CONSUMER, TOO_MANY_CONNECTIONS -> Status.Code.RESOURCE_EXHAUSTED;
        };
    }
}
