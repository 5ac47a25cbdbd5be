package dev.tidings.gateway.grpc;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.RequestUser;
import dev.tidings.gateway.api.UserAuthentication;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.monitoring.LatencyHistogram;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.Error;
import dev.tidings.v1.Refusal;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out unary calls: authenticates the caller, applies the rate limits, runs the method, and answers with its outcome. */
public final class UnaryCalls {

    private static final Logger LOG = LoggerFactory.getLogger(UnaryCalls.class);

    /** Calls in progress, with their requests; further ones are answered OVERLOADED. */
    static final int MAX_ACTIVE = 1_000;

    private static final int REQUEST_TIMEOUT_SECONDS = 15;

    private final GrpcApi api;
    private final UserAuthentication authentication;
    private final ClientAddress clientAddress;
    private final RequestLimits limits;
    private final BooleanSupplier isDraining;
    private final Executor executor;
    private final Semaphore free = new Semaphore(MAX_ACTIVE);
    private final LatencyHistogram durations;

    /**
     * @param isDraining whether the gateway takes no more clients
     * @param executor sends replies; must not run in the caller
     */
    public UnaryCalls(
            GrpcApi api,
            UserAuthentication authentication,
            ClientAddress clientAddress,
            RequestLimits limits,
            BooleanSupplier isDraining,
            Executor executor,
            MetricRegistry metrics) {
        this.api = api;
        this.authentication = authentication;
        this.clientAddress = clientAddress;
        this.limits = limits;
        this.isDraining = isDraining;
        this.executor = executor;
        this.durations = LatencyHistogram.register(metrics, "tidings.gateway.grpc.call.seconds");
    }

    /** @param replyType of the method */
    ServerCallHandler<byte[], Message> handler(UnaryMethod<?> method, Descriptor replyType) {
        return (call, headers) -> {
            Error rejection = rejection(headers);
            if (rejection == null && !free.tryAcquire()) {
                rejection = Errors.overloaded("the gateway has its maximum of active calls; retry");
            }
            if (rejection != null) {
                StatusRuntimeException status = Statuses.of(rejection);
                call.close(status.getStatus(), trailers(status));
                return new ServerCall.Listener<>() {};
            }
            UnaryCall active = new UnaryCall(method, replyType, call, headers);
            FrameMeter.OF_CALL.get().report(active::receiving);
            call.request(2); // the second one never comes, or is an error
            return active;
        };
    }

    private @Nullable Error rejection(Metadata headers) {
        if (!UserAuthentication.hasToken(headers.get(CallMetadata.AUTHORIZATION))) {
            return Errors.error(Error.Code.INVALID_TOKEN, "the metadata authorization must be: Bearer <token>");
        }
        return isDraining.getAsBoolean()
                ? Errors.unavailable("the gateway shuts down or is cut off; retry with another one")
                : null;
    }

    private static Metadata trailers(StatusRuntimeException status) {
        Metadata trailers = status.getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }

    /** One call. gRPC calls the listener's methods one after the other. */
    private final class UnaryCall extends ServerCall.Listener<byte[]> {

        private final UnaryMethod<?> method;
        private final Descriptor replyType;
        private final ServerCall<byte[], Message> call;
        private final Metadata headers;
        private final long startNanos = System.nanoTime();
        private final AtomicBoolean answered = new AtomicBoolean();
        /** Completes when the request is complete. Until then the client may be slow, or silent. */
        private final CompletableFuture<Void> received = new CompletableFuture<>();

        private byte @Nullable [] request;

        UnaryCall(UnaryMethod<?> method, Descriptor replyType, ServerCall<byte[], Message> call, Metadata headers) {
            this.method = method;
            this.replyType = replyType;
            this.call = call;
            this.headers = headers;
            received.orTimeout(REQUEST_TIMEOUT_SECONDS, TimeUnit.SECONDS).exceptionally(timeout -> {
                fail(Status.DEADLINE_EXCEEDED
                        .withDescription("the request was not complete within " + REQUEST_TIMEOUT_SECONDS + " s")
                        .asRuntimeException());
                return null;
            });
        }

        /** @param bytes of the request so far */
        private void receiving(int bytes) {
            if (bytes > Limits.FRAME) {
                fail(Statuses.of(Errors.invalidArgument("the request has more than " + Limits.FRAME + " bytes; at most "
                        + Limits.FRAME + " are allowed")));
            }
        }

        @Override
        public void onMessage(byte[] bytes) {
            receiving(bytes.length);
            if (request != null) {
                fail(Statuses.of(Errors.invalidArgument("the call has two requests; one is allowed")));
            }
            request = bytes;
        }

        @Override
        public void onHalfClose() {
            received.complete(null);
            byte[] bytes = request;
            request = null;
            if (bytes == null) {
                fail(Statuses.of(Errors.invalidArgument("the call has no request")));
            } else if (!answered.get()) {
                carryOut(bytes);
            }
        }

        /** Blocks while the token is verified. */
        private void carryOut(byte[] bytes) {
            try {
                InetAddress address = CallMetadata.address(call, headers, clientAddress);
                GrpcCaller caller = caller(address);
                Error exceeded = limits.checkRequest(caller.user().userId(), address, bytes.length, method.isRead());
                if (exceeded != null) {
                    throw new RequestException(exceeded);
                }
                method.run(api, caller, bytes).whenCompleteAsync(this::answer, executor);
            } catch (RequestException e) {
                fail(Statuses.of(e.error()));
            } catch (RuntimeException e) {
                failInternally(e);
            }
        }

        private GrpcCaller caller(@Nullable InetAddress address) {
            String authorization = String.valueOf(headers.get(CallMetadata.AUTHORIZATION));
            Permission permission = method.permission();
            if (permission == null) {
                return new GrpcCaller(
                        authentication.userOf(authorization, headers.get(CallMetadata.ACTOR), address),
                        AuditContext.getDefaultInstance());
            }
            AuditContext audit =
                    authentication.operatorOf(authorization, headers.get(CallMetadata.REASON), permission, address);
            return new GrpcCaller(new RequestUser(audit.getOperator(), ""), audit);
        }

        private void answer(@Nullable Message reply, @Nullable Throwable failure) {
            if (reply == null) {
                failInternally(failure);
                return;
            }
            switch (reply) {
                case Refusal refusal -> fail(Statuses.of(refusal));
                case Error error -> fail(Statuses.of(error));
                default -> {
                    if (reply.getDescriptorForType().equals(replyType)) {
                        succeed(reply);
                    } else {
                        failInternally(new IllegalStateException(
                                "the reply is a " + reply.getDescriptorForType().getName()));
                    }
                }
            }
        }

        private void succeed(Message reply) {
            if (answered.compareAndSet(false, true)) {
                call.sendHeaders(new Metadata());
                call.sendMessage(reply);
                call.close(Status.OK, new Metadata());
            }
        }

        private void failInternally(@Nullable Throwable failure) {
            LOG.error("call failed method={}", method.name(), failure);
            fail(Status.INTERNAL
                    .withDescription("the gateway failed; its log has the reason")
                    .asRuntimeException());
        }

        private void fail(StatusRuntimeException status) {
            if (answered.compareAndSet(false, true)) {
                call.close(status.getStatus(), trailers(status));
            }
        }

        @Override
        public void onCancel() {
            ended();
        }

        @Override
        public void onComplete() {
            ended();
        }

        /** gRPC calls it once for each call. */
        private void ended() {
            received.complete(null);
            free.release();
            durations.updateSince(startNanos);
        }
    }
}
