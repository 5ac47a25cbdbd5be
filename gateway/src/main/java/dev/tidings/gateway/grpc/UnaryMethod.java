package dev.tidings.gateway.grpc;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.UnaryRequests;
import java.util.concurrent.CompletableFuture;

/**
 * One unary method of the service.
 *
 * @param name as in service.proto
 * @param parser of the request; drops unknown fields, because no check limits them
 * @param isRead whether it counts as a read of its user
 */
record UnaryMethod<Q extends Message>(String name, Parser<Q> parser, boolean isRead, Operation<Q> operation) {

    /**
     * Carries out a request. Its future completes with a message of the protocol, among them refusals and errors. Throws a {@link
     * RequestException} that names a wrong value.
     */
    @FunctionalInterface
    interface Operation<Q extends Message> {
        CompletableFuture<Message> run(UnaryRequests requests, String userId, Q request);
    }

    UnaryMethod {
        parser = DiscardUnknownFieldsParser.wrap(parser);
    }

    /** @throws RequestException if the bytes are not a request, or have a wrong value */
    CompletableFuture<Message> run(UnaryRequests requests, String userId, byte[] bytes) {
        Q request;
        try {
            request = parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new RequestException(
                    Errors.invalidArgument("the bytes are not a request of " + name + ": " + e.getMessage()));
        }
        return operation.run(requests, userId, request);
    }
}
