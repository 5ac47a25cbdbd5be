package dev.tidings.gateway.http;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Error;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

/** Sends errors over HTTP: problem details (RFC 9457) with the codes of the client protocol. */
final class Problem {

    private Problem() {}

    static void send(HttpServerExchange exchange, int status, Error.Code code, String detail) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/problem+json");
        exchange.getResponseSender()
                .send(ProtoJson.print(Struct.newBuilder()
                        .putFields(
                                "status",
                                Value.newBuilder().setNumberValue(status).build())
                        .putFields("code", text(code.name()))
                        .putFields("detail", text(detail))
                        .build()));
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
