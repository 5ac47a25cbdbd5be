package dev.tidings.gateway.rest;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.Message;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.PercentEncoding;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.api.RequestUser;
import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.auth.ClientAddress;
import dev.tidings.gateway.http.Problem;
import dev.tidings.gateway.limit.RequestLimits;
import dev.tidings.gateway.monitoring.LatencyHistogram;
import dev.tidings.gateway.session.BufferBudget;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.schemas.tracing.RequestTrace;
import dev.tidings.schemas.tracing.TraceParent;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.Error;
import dev.tidings.v1.ProblemDetails;
import dev.tidings.v1.Refusal;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the REST API: finds the route of a request, reads its body, authenticates its user, carries it out, and sends the
 * reply, or problem details.
 */
public final class RestHandler implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(RestHandler.class);

    /** The body of a request; as large as a frame. */
    static final int MAX_BODY_BYTES = Limits.FRAME;

    /** Requests in progress, with their bodies; further ones are answered OVERLOADED. */
    static final int MAX_ACTIVE = 1_000;

    private static final int BODY_TIMEOUT_SECONDS = 15;

    private final Routes routes;
    private final ApiDescription description;
    private final RestApi api;
    private final RestAuthentication authentication;
    private final RequestLimits limits;
    private final BufferBudget budget;
    private final BooleanSupplier isDraining;
    private final Executor blocking;
    private final Semaphore free = new Semaphore(MAX_ACTIVE);
    private final LatencyHistogram durations;

    /**
     * @param budget counts the bodies of requests in progress
     * @param isDraining whether the gateway takes no more clients
     * @param blocking runs requests, which block until their reply
     */
    public RestHandler(
            RestApi api,
            Authenticator authenticator,
            BanList bans,
            ClientAddress clientAddress,
            RequestLimits limits,
            BufferBudget budget,
            BooleanSupplier isDraining,
            Executor blocking,
            MetricRegistry metrics) {
        this.routes = new Routes(api.tokens());
        this.description = new ApiDescription(routes);
        this.api = api;
        this.authentication = new RestAuthentication(authenticator, bans, clientAddress, api.tokens());
        this.limits = limits;
        this.budget = budget;
        this.isDraining = isDraining;
        this.blocking = blocking;
        this.durations = LatencyHistogram.register(metrics, "tidings.gateway.rest.request.seconds");
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (description.answer(exchange)) {
            return;
        }
        try {
            switch (routes.find(exchange.getRequestMethod().toString(), PercentEncoding.segments(rawPath(exchange)))) {
                case Routes.Found(Route route, Map<String, String> pathValues) -> begin(exchange, route, pathValues);
                case Routes.WrongMethod(var allowed) -> {
                    exchange.getResponseHeaders().put(Headers.ALLOW, String.join(", ", allowed));
                    Problem.send(
                            exchange,
                            StatusCodes.METHOD_NOT_ALLOWED,
                            Error.Code.INVALID_ARGUMENT,
                            "the method is " + exchange.getRequestMethod() + "; allowed are "
                                    + String.join(", ", allowed));
                }
                case Routes.UnknownPath() ->
                    Problem.send(
                            exchange,
                            StatusCodes.NOT_FOUND,
                            Error.Code.INVALID_ARGUMENT,
                            "there is no resource " + exchange.getRequestPath());
            }
        } catch (RequestException e) {
            Problem.send(exchange, Problems.of(e.error()));
        }
    }

    /** The path as it was sent: Undertow's decoded one does not distinguish a slash from %2F. */
    private static String rawPath(HttpServerExchange exchange) {
        String uri = exchange.getRequestURI();
        int path = exchange.isHostIncludedInRequestURI() ? uri.indexOf('/', uri.indexOf("://") + 3) : 0;
        return path < 0 ? "/" : uri.substring(path);
    }

    private void begin(HttpServerExchange exchange, Route route, Map<String, String> pathValues) {
        RestAuthentication.requireHeader(exchange, route.security());
        if (isDraining.getAsBoolean()) {
            exchange.setPersistent(false);
            throw new RequestException(
                    Errors.unavailable("the gateway shuts down or is cut off; retry with another one"));
        }
        if (!free.tryAcquire()) {
            throw new RequestException(Errors.overloaded("the gateway has its maximum of active requests; retry"));
        }
        if (budget.isScarce()) {
            free.release();
            throw new RequestException(Errors.overloaded("the gateway is short of memory for requests; retry"));
        }
        long startNanos = System.nanoTime();
        long bodyBytes = maxBodyBytes(exchange);
        budget.add(bodyBytes);
        exchange.addExchangeCompleteListener((completed, next) -> {
            budget.add(-bodyBytes);
            free.release();
            durations.updateSince(startNanos);
            next.proceed();
        });
        receive(exchange, route, pathValues);
    }

    /** Returns the announced size of the body, or the limit if the size is not announced or larger. */
    private static long maxBodyBytes(HttpServerExchange exchange) {
        if (exchange.isRequestComplete()) {
            return 0;
        }
        long announced = exchange.getRequestContentLength();
        return announced < 0 ? MAX_BODY_BYTES : Math.min(announced, MAX_BODY_BYTES);
    }

    private void receive(HttpServerExchange exchange, Route route, Map<String, String> pathValues) {
        exchange.setMaxEntitySize(MAX_BODY_BYTES);
        var timeout = exchange.getIoThread()
                .executeAfter(() -> closeUnread(exchange), BODY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        exchange.getRequestReceiver()
                .receiveFullBytes(
                        (received, bytes) -> {
                            timeout.remove();
                            received.dispatch(
                                    blocking,
                                    () -> RequestTrace.run(
                                            traceparent(received), () -> answer(received, route, pathValues, bytes)));
                        },
                        (failed, cause) -> {
                            timeout.remove();
                            Problem.send(
                                    failed,
                                    StatusCodes.REQUEST_ENTITY_TOO_LARGE,
                                    Error.Code.INVALID_ARGUMENT,
                                    "the body must have at most " + MAX_BODY_BYTES + " bytes");
                        });
    }

    private static String traceparent(HttpServerExchange exchange) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(TraceParent.HEADER), "");
    }

    private static void closeUnread(HttpServerExchange exchange) {
        if (!exchange.isRequestComplete()) {
            try {
                exchange.getConnection().close();
            } catch (IOException e) {
                LOG.debug("connection with an unfinished body was closed before", e);
            }
        }
    }

    /** Blocks until the reply has come. */
    private void answer(HttpServerExchange exchange, Route route, Map<String, String> pathValues, byte[] body) {
        try {
            AuditContext audit = AuditContext.getDefaultInstance();
            RequestUser user;
            if (route.permission() == null) {
                user = authentication.callerOf(exchange, route.security());
            } else {
                audit = authentication.operatorOf(exchange, route.permission());
                user = new RequestUser(audit.getOperator(), "");
            }
            count(exchange, user.userId(), route, body.length);
            RestRequest request = request(exchange, route, user, audit, pathValues, body);
            send(exchange, route.handler().run(api, request).join());
        } catch (RequestException e) {
            Problem.send(exchange, Problems.of(e.error()));
        } catch (RestHeaders.UnsupportedContentException e) {
            Problem.send(
                    exchange,
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                    Error.Code.INVALID_ARGUMENT,
                    String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("request failed operation={}", route.operationId(), e);
            Problem.send(
                    exchange,
                    ProblemDetails.newBuilder()
                            .setStatus(StatusCodes.INTERNAL_SERVER_ERROR)
                            .setCode(Error.Code.CODE_UNSPECIFIED.name())
                            .setDetail("the gateway failed; its log has the reason")
                            .setRetryable(false)
                            .setOutcomeUnknown(true)
                            .build());
        }
    }

    /** @throws RequestException if the request exceeds a rate limit of the user or of the address */
    private void count(HttpServerExchange exchange, String userId, Route route, int bytes) {
        @Nullable InetAddress address = authentication.address(exchange);
        @Nullable String user = route.security() == RouteSecurity.USER ? userId : null;
        Error exceeded =
                limits.checkRequest(user, address, bytes, route.method().equals("GET"));
        if (exceeded != null) {
            throw new RequestException(exceeded);
        }
    }

    private static RestRequest request(
            HttpServerExchange exchange,
            Route route,
            RequestUser user,
            AuditContext audit,
            Map<String, String> pathValues,
            byte[] body) {
        Map<String, String> query = PercentEncoding.query(exchange.getQueryString());
        for (String name : query.keySet()) {
            if (route.query().stream().noneMatch(parameter -> parameter.name().equals(name))) {
                throw RestRequest.invalid("there is no query parameter \"" + name + '"');
            }
        }
        String key = RestHeaders.idempotencyKey(exchange);
        if (body.length > 0 && route.body() == null) {
            throw RestRequest.invalid(route.method() + ' ' + route.path().text() + " has no body");
        }
        if (body.length > 0) {
            RestHeaders.checkContent(exchange);
        }
        return new RestRequest(route, user, audit, pathValues, query, route.isIdempotent() ? key : "", utf8(body));
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw RestRequest.invalid("the body is not UTF-8");
        }
    }

    private static void send(HttpServerExchange exchange, Message reply) {
        switch (reply) {
            case Refusal refusal -> Problem.send(exchange, Problems.of(refusal));
            case Error error -> Problem.send(exchange, Problems.of(error));
            default -> {
                exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
                exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
                EntityTags.send(exchange, ProtoJson.print(reply));
            }
        }
    }
}
