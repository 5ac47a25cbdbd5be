package dev.tidings.gateway.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tidings.gateway.auth.DevTokens;
import dev.tidings.schemas.id.UserId;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.schemas.serde.StrictJson;
import dev.tidings.v1.Error;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;

/** {@code POST /v1/dev/token} with {@code {"userId":"alice"}} answers {@code {"token":"…"}}. */
final class DevTokenHandler implements HttpHandler {

    private static final int MAX_BODY_BYTES = 1_024;

    private final DevTokens tokens;

    DevTokenHandler(DevTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (!exchange.getRequestMethod().equals(Methods.POST)) {
            exchange.getResponseHeaders().put(Headers.ALLOW, Methods.POST_STRING);
            Problem.send(
                    exchange,
                    StatusCodes.METHOD_NOT_ALLOWED,
                    Error.Code.INVALID_ARGUMENT,
                    "the method is " + exchange.getRequestMethod() + "; POST is allowed");
            return;
        }
        exchange.setMaxEntitySize(MAX_BODY_BYTES);
        exchange.getRequestReceiver()
                .receiveFullString(
                        this::answer,
                        (failed, cause) -> Problem.send(
                                failed,
                                StatusCodes.REQUEST_ENTITY_TOO_LARGE,
                                Error.Code.INVALID_ARGUMENT,
                                "the body must have at most " + MAX_BODY_BYTES + " bytes"),
                        StandardCharsets.UTF_8);
    }

    private void answer(HttpServerExchange exchange, String body) {
        String userId;
        try {
            userId = StrictJson.parse(body, Struct.newBuilder())
                    .getFieldsOrDefault("userId", Value.getDefaultInstance())
                    .getStringValue();
        } catch (InvalidProtocolBufferException e) {
            userId = "";
        }
        if (!UserId.isValid(userId)) {
            Problem.send(
                    exchange,
                    StatusCodes.BAD_REQUEST,
                    Error.Code.INVALID_ARGUMENT,
                    "the body must be {\"userId\":\"…\"} with a user id of [A-Za-z0-9_.-]{1,64}");
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender()
                .send(ProtoJson.print(Struct.newBuilder()
                        .putFields(
                                "token",
                                Value.newBuilder()
                                        .setStringValue(tokens.issue(userId))
                                        .build())
                        .build()));
    }
}
