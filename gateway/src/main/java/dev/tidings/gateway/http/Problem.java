package dev.tidings.gateway.http;

import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Error;
import dev.tidings.v1.ProblemDetails;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;

/** Sends errors over HTTP: problem details (RFC 9457) with the codes of the client protocol. */
public final class Problem {

    private Problem() {}

    /** Sends a problem that a repeated request would meet again. */
    public static void send(HttpServerExchange exchange, int status, Error.Code code, String detail) {
        send(
                exchange,
                ProblemDetails.newBuilder()
                        .setStatus(status)
                        .setCode(code.name())
                        .setDetail(detail)
                        .setRetryable(false)
                        .build());
    }

    /** @param problem with its status; type and title are set here, and the scheme {@code Bearer} of a 401 without another one */
    public static void send(HttpServerExchange exchange, ProblemDetails problem) {
        exchange.setStatusCode(problem.getStatus());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/problem+json");
        if (problem.hasRetryAfterMs()) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, Math.ceilDiv(problem.getRetryAfterMs(), 1_000));
        }
        if (problem.getStatus() == StatusCodes.UNAUTHORIZED
                && !exchange.getResponseHeaders().contains(Headers.WWW_AUTHENTICATE)) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        }
        exchange.getResponseSender()
                .send(ProtoJson.print(problem.toBuilder()
                        .setType("about:blank")
                        .setTitle(StatusCodes.getReason(problem.getStatus()))));
    }
}
