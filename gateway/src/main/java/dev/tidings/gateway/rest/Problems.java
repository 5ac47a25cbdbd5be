package dev.tidings.gateway.rest;

import dev.tidings.v1.Error;
import dev.tidings.v1.ProblemDetails;
import dev.tidings.v1.Refusal;
import io.undertow.util.StatusCodes;

/** Makes problem details of refusals and errors. The table of HTTP statuses. */
final class Problems {

    private static final int UNPROCESSABLE_CONTENT = 422;

    private Problems() {}

    static ProblemDetails of(Refusal refusal) {
        return ProblemDetails.newBuilder()
                .setStatus(status(refusal.getReason()))
                .setCode(refusal.getReason().name())
                .setDetail(refusal.getMessage())
                .setRetryable(false)
                .build();
    }

    static ProblemDetails of(Error error) {
        ProblemDetails.Builder problem = ProblemDetails.newBuilder()
                .setStatus(status(error))
                .setCode(error.getCode().name())
                .setDetail(error.getMessage())
                .setRetryable(error.getRetryable());
        if (error.getRetryAfterMs() > 0) {
            problem.setRetryAfterMs(error.getRetryAfterMs());
        }
        if (error.getOutcomeUnknown()) {
            problem.setOutcomeUnknown(true);
        }
        return problem.build();
    }

    static int status(Error error) {
        return switch (error.getCode()) {
            case INVALID_FRAME, INVALID_ARGUMENT, NOT_CONNECTED, ALREADY_CONNECTED -> StatusCodes.BAD_REQUEST;
            case INVALID_TOKEN, TOKEN_EXPIRED -> StatusCodes.UNAUTHORIZED;
            case FORBIDDEN, BANNED, USER_DISABLED -> StatusCodes.FORBIDDEN;
            case RATE_LIMITED -> StatusCodes.TOO_MANY_REQUESTS;
            case OVERLOADED -> StatusCodes.SERVICE_UNAVAILABLE;
            case UNAVAILABLE ->
                error.getOutcomeUnknown() ? StatusCodes.GATEWAY_TIME_OUT : StatusCodes.SERVICE_UNAVAILABLE;
            case CODE_UNSPECIFIED, UNRECOGNIZED -> StatusCodes.INTERNAL_SERVER_ERROR;
        };
    }

    static int status(Refusal.Reason reason) {
        return switch (reason) {
            case INVALID_CONVERSATION_ID,
                    INVALID_CLIENT_MSG_ID,
                    INVALID_USER_ID,
                    INVALID_ARGUMENT,
                    CONTENT_EMPTY,
                    SEQ_OUT_OF_RANGE,
                    CONVERSATION_WITH_ONESELF,
                    WRONG_KIND_OF_CONVERSATION -> StatusCodes.BAD_REQUEST;
            case NOT_A_MEMBER, NOT_ALLOWED, INVITATION_NEEDED, MUTED, BLOCKED, STRANGER, BANNED, SYSTEM_ONLY ->
                StatusCodes.FORBIDDEN;
            case CONVERSATION_NOT_FOUND, MESSAGE_NOT_FOUND, REQUEST_NOT_FOUND, DEVICE_NOT_FOUND, USER_NOT_FOUND ->
                StatusCodes.NOT_FOUND;
            case GROUP_EXISTS, GROUP_FULL, OWNER_CANNOT_LEAVE, MESSAGE_TOO_OLD, TOO_MANY -> StatusCodes.CONFLICT;
            case GROUP_DISSOLVED, MESSAGE_RECALLED, EXPIRED -> StatusCodes.GONE;
            case CONTENT_TOO_LARGE, COMMAND_TOO_LARGE -> StatusCodes.REQUEST_ENTITY_TOO_LARGE;
            case CONTENT_REFUSED -> UNPROCESSABLE_CONTENT;
            case FLOODING, REPEATING -> StatusCodes.TOO_MANY_REQUESTS;
            case REASON_UNSPECIFIED, UNRECOGNIZED -> StatusCodes.INTERNAL_SERVER_ERROR;
        };
    }
}
