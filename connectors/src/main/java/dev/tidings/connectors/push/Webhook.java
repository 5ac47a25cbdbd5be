package dev.tidings.connectors.push;

import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PushTarget;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Notifications to a URL of the operator's: a signed POST with the {@link Notification} as JSON, whose only target is the
 * one it is for. The receiver interprets the device's token.
 */
final class Webhook implements Channel, AutoCloseable {

    static final String TIMESTAMP = "Tidings-Timestamp";
    static final String SIGNATURE = "Tidings-Signature";
    /** Notification and device, percent-encoded, with a slash between them: the same at every attempt. */
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final int TOO_MANY_REQUESTS = 429;

    /** The longest time in which the body of a response is read, so that the connection can be used again. */
    private static final Duration BODY_WITHIN = Duration.ofMillis(500);

    private final URI url;
    private final Signature signature;
    private final Duration timeout;
    private final InstantSource clock;
    private final HttpClient client;

    /** @param timeout of one attempt: name resolution, connection, request, status and headers of the response */
    Webhook(URI url, String secret, Duration timeout, InstantSource clock) {
        this.url = url;
        this.signature = new Signature(secret);
        this.timeout = timeout;
        this.clock = clock;
        // A redirect would send a signed notification to another receiver, so none is followed.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    @Override
    public AttemptResult send(Notification notification, PushTarget target) throws InterruptedException {
        byte[] body = ProtoJson.print(notification).getBytes(StandardCharsets.UTF_8);
        long timestampSeconds = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header(TIMESTAMP, Long.toString(timestampSeconds))
                .header(SIGNATURE, signature.of(timestampSeconds, body))
                .header(
                        IDEMPOTENCY_KEY,
                        encoded(notification.getNotificationId()) + '/' + encoded(target.getDeviceId()))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return attempt(request);
    }

    /**
     * The client's own timeout ends with the headers, and it has none for a name server. So the attempt as a whole has a
     * deadline here. The client may report a broken body before it reports the headers in front of it, so the headers are taken
     * from the body handler, which has them first.
     */
    private AttemptResult attempt(HttpRequest request) throws InterruptedException {
        CompletableFuture<HttpResponse.ResponseInfo> headers = new CompletableFuture<>();
        DiscardedBody body = new DiscardedBody();
        CompletableFuture<HttpResponse<DiscardedBody>> response = client.sendAsync(request, info -> {
            headers.complete(info);
            return body;
        });
        response.whenComplete((whole, failure) -> {
            if (failure != null) {
                headers.completeExceptionally(failure);
            }
        });
        try {
            HttpResponse.ResponseInfo info = headers.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            body.awaitEnd(BODY_WITHIN);
            return meaning(info);
        } catch (TimeoutException e) {
            return late();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : e.getCause();
            if (cause instanceof HttpTimeoutException) {
                return late();
            }
            if (cause instanceof IOException broken) {
                // not with its message, which may hold the URL
                return new AttemptResult.RetryLater(
                        "the webhook could not be reached: " + broken.getClass().getSimpleName(), Duration.ZERO);
            }
            throw new IllegalStateException("the request could not be sent", cause);
        } finally {
            response.cancel(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private AttemptResult late() {
        return new AttemptResult.RetryLater(
                "the webhook did not answer within " + timeout.toMillis() + " ms", Duration.ZERO);
    }

    private AttemptResult meaning(HttpResponse.ResponseInfo response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new AttemptResult.Delivered();
        }
        String reason = "the webhook answered " + status;
        if (status / 100 == 5 || status == TOO_MANY_REQUESTS) {
            return new AttemptResult.RetryLater(
                    reason,
                    response.headers()
                            .firstValue("Retry-After")
                            .map(this::retryAfter)
                            .orElse(Duration.ZERO));
        }
        return new AttemptResult.Refused(reason);
    }

    /** Parses seconds or a date. Anything else counts as zero. */
    private Duration retryAfter(String value) {
        try {
            return Duration.ofSeconds(Math.max(0, Integer.parseInt(value.strip())));
        } catch (NumberFormatException e) {
            // perhaps a date
        }
        try {
            Duration until = Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }
}
