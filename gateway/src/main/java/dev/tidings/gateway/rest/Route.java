package dev.tidings.gateway.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.tidings.gateway.api.UnaryRequests;
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
 * @param isIdempotent whether the header Idempotency-Key has an effect
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
        boolean isIdempotent,
        Operation operation) {

    /** Carries out a request. Its future completes with a message of the protocol, among them refusals and errors. */
    interface Operation {
        CompletableFuture<Message> run(UnaryRequests requests, RestRequest request);
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

    /** Collects the parts of a route; {@link #frame} or {@link #operation} completes it. */
    static final class Builder {

        private final String method;
        private final String path;
        private final String operationId;
        private final String summary;
        private List<QueryParameter> query = List.of();
        private @Nullable Descriptor body;
        private Set<String> reserved = Set.of();
        private List<Descriptor> replies = List.of();

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

        /** A route that sends this frame of the client protocol; the idempotency key becomes its operation id. */
        Route frame(Function<RestRequest, ClientFrame.Builder> frame) {
            return build(
                    true,
                    (requests, request) -> requests.command(
                            request.userId(),
                            frame.apply(request)
                                    .setOperationId(request.idempotencyKey())
                                    .build()));
        }

        /** A route whose repetition changes nothing. */
        Route operation(Operation operation) {
            return build(false, operation);
        }

        private Route build(boolean isIdempotent, Operation operation) {
            return new Route(
                    method,
                    PathTemplate.of(path),
                    operationId,
                    summary,
                    query,
                    body,
                    reserved,
                    replies,
                    isIdempotent && !method.equals("GET"),
                    operation);
        }
    }
}
