package dev.tidings.gateway.grpc;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.gateway.api.AdminRequests;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.UnaryRequests;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.CommandOutcome;
import dev.tidings.v1.Sequenced;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One unary method of a service.
 *
 * @param name as in service.proto or admin.proto
 * @param parser of the request; drops unknown fields, because no check limits them
 * @param isRead whether it counts as a read of its caller
 * @param permission what an operator needs; null: the method is for users
 */
record UnaryMethod<Q extends Message>(
        String name,
        Parser<Q> parser,
        boolean isRead,
        @Nullable Permission permission,
        Handler<Q> handler) {

    /**
     * Carries out a request. Its future completes with a message of the protocol, among them refusals and errors. Throws a {@link
     * RequestException} that names a wrong value.
     */
    @FunctionalInterface
    interface Handler<Q extends Message> {
        CompletableFuture<Message> run(GrpcApi api, GrpcCaller caller, Q request);
    }

    /** Carries out a request of a user. */
    @FunctionalInterface
    interface Operation<Q extends Message> {
        CompletableFuture<Message> run(UnaryRequests requests, String userId, Q request);
    }

    /** Carries out a request of an operator. */
    @FunctionalInterface
    interface AdminOperation<Q extends Message> {
        CompletableFuture<Message> run(AdminRequests requests, AuditContext audit, Q request);
    }

    UnaryMethod {
        parser = DiscardUnknownFieldsParser.wrap(parser);
    }

    /** A method that reads for a user. */
    static <Q extends Message> UnaryMethod<Q> read(String name, Parser<Q> parser, Operation<Q> operation) {
        return new UnaryMethod<>(
                name,
                parser,
                true,
                null,
                (api, caller, request) ->
                        operation.run(api.users(), caller.user().userId(), request));
    }

    /** A method that changes something for a user. */
    static <Q extends Message> UnaryMethod<Q> change(String name, Parser<Q> parser, Handler<Q> handler) {
        return new UnaryMethod<>(name, parser, false, null, handler);
    }

    /** A method for operators with this permission. */
    static <Q extends Message> UnaryMethod<Q> admin(
            String name, boolean isRead, Permission permission, Parser<Q> parser, AdminOperation<Q> operation) {
        return new UnaryMethod<>(
                name,
                parser,
                isRead,
                permission,
                (api, caller, request) -> operation.run(api.operators(), caller.audit(), request));
    }

    /** Returns the reply of a command that has one of two kinds of outcome. */
    static Message outcome(Message reply) {
        return switch (reply) {
            case Sequenced sequenced ->
                CommandOutcome.newBuilder().setSequenced(sequenced).build();
            case Applied applied ->
                CommandOutcome.newBuilder().setApplied(applied).build();
            default -> reply;
        };
    }

    /** @throws RequestException if the bytes are not a request, or have a wrong value */
    CompletableFuture<Message> run(GrpcApi api, GrpcCaller caller, byte[] bytes) {
        Q request;
        try {
            request = parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new RequestException(
                    Errors.invalidArgument("the bytes are not a request of " + name + ": " + e.getMessage()));
        }
        return handler.run(api, caller, request);
    }
}
