package dev.tidings.gateway.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.tidings.gateway.api.AdminRequests;
import dev.tidings.gateway.api.UnaryRequests;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.ClientFrame;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the REST API.
 *
 * @param operationId unique; generated clients name their methods after it
 * @param summary one sentence
 * @param query the parameters that are allowed
 * @param body the type of the body; null: the route takes none
 * @param reserved fields of the body that the path or the server sets, by their JSON names
 * @param replies the types of a successful response; one of them
 * @param security what a request must prove
 * @param isIdempotent whether the header Idempotency-Key has an effect
 * @param permission what an operator needs; null: the route is for users
 */
record Route(
        String method,
        PathTemplate path,
        String operationId,
        String summary,
        List<QueryParameter> query,
        @Nullable Descriptor body,
        Set<String> reserved,
        List<Descriptor> replies,
        RouteSecurity security,
        boolean isIdempotent,
        @Nullable Permission permission,
        Handler handler) {

    /** Carries out a request. Its future completes with a message of the protocol, among them refusals and errors. */
    interface Handler {
        CompletableFuture<Message> run(RestApi api, RestRequest request);
    }

    /** Carries out a request of a user. */
    interface Operation {
        CompletableFuture<Message> run(UnaryRequests requests, RestRequest request);
    }

    /** Carries out a request of an operator. */
    interface AdminOperation {
        CompletableFuture<Message> run(AdminRequests requests, RestRequest request);
    }

    static Builder get(String path, String operationId, String summary) {
        return new Builder("GET", path, operationId, summary);
    }

    static Builder post(String path, String operationId, String summary) {
        return new Builder("POST", path, operationId, summary);
    }

    static Builder put(String path, String operationId, String summary) {
        return new Builder("PUT", path, operationId, summary);
    }

    static Builder patch(String path, String operationId, String summary) {
        return new Builder("PATCH", path, operationId, summary);
    }

    static Builder delete(String path, String operationId, String summary) {
        return new Builder("DELETE", path, operationId, summary);
    }

    /** Collects the parts of a route; {@link #frame}, {@link #state}, {@link #operation} or {@link #admin} completes it. */
    static final class Builder {

        private final String method;
        private final String path;
        private final String operationId;
        private final String summary;
        private List<QueryParameter> query = List.of();
        private @Nullable Descriptor body;
        private Set<String> reserved = Set.of();
        private List<Descriptor> replies = List.of();
        private RouteSecurity security = RouteSecurity.USER;

        private Builder(String method, String path, String operationId, String summary) {
            this.method = method;
            this.path = path;
            this.operationId = operationId;
            this.summary = summary;
        }

        Builder query(QueryParameter... parameters) {
            query = List.of(parameters);
            return this;
        }

        /** @param reservedFields that the path or the server sets */
        Builder body(Descriptor type, String... reservedFields) {
            body = type;
            reserved = Set.of(reservedFields);
            return this;
        }

        Builder replies(Descriptor... types) {
            replies = List.of(types);
            return this;
        }

        Builder security(RouteSecurity value) {
            security = value;
            return this;
        }

        /** A route that sends this frame of the client protocol; the idempotency key becomes its operation id. */
        Route frame(Function<RestRequest, ClientFrame.Builder> frame) {
            return build(
                    true,
                    null,
                    (api, request) -> api.users()
                            .command(
                                    request.user(),
                                    frame.apply(request)
                                            .setOperationId(request.idempotencyKey())
                                            .build()));
        }

        /** A route that sends this frame, and whose repetition changes nothing: it needs no idempotency key. */
        Route state(Function<RestRequest, ClientFrame.Builder> frame) {
            return operation((requests, request) ->
                    requests.command(request.user(), frame.apply(request).build()));
        }

        /** A route whose repetition changes nothing. */
        Route operation(Operation operation) {
            return build(false, null, (api, request) -> operation.run(api.users(), request));
        }

        /** A route for operators with this permission. */
        Route admin(Permission permission, AdminOperation operation) {
            return build(false, permission, (api, request) -> operation.run(api.operators(), request));
        }

        /** A route for operators that carries out this command as system. */
        Route command(Permission permission, Function<RestRequest, BusinessCommand.Builder> command) {
            return admin(permission, (requests, request) -> requests.command(request.audit(), command.apply(request)));
        }

        /** A route for operators that sends a message as system; the idempotency key becomes its client message id. */
        Route message(Permission permission, Function<RestRequest, BusinessCommand.Builder> command) {
            return build(
                    true,
                    permission,
                    (api, request) -> api.operators().command(request.audit(), command.apply(request)));
        }

        private Route build(boolean isIdempotent, @Nullable Permission permission, Handler handler) {
            return new Route(
                    method,
                    PathTemplate.of(path),
                    operationId,
                    summary,
                    query,
                    body,
                    reserved,
                    replies,
                    security,
                    isIdempotent && !method.equals("GET"),
                    permission,
                    handler);
        }
    }
}
