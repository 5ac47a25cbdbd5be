package dev.tidings.connectors.push;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One attempt against servers that break HTTP in every way that the client cannot see from the status. */
@Timeout(180)
class WebhookTest {

    /** Of servers that never answer. */
    private static final Duration SHORT = Duration.ofMillis(400);
    /** Of servers that answer: long enough for a busy machine. */
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void a_server_that_stalls_before_its_headers_is_given_up_at_the_deadline() throws Exception {
        try (RawServer server = RawServer.stallingAfter("")) {
            assertEquals(retryLater("the webhook did not answer within 400 ms"), attempt(server, SHORT));
            await().atMost(Duration.ofMinutes(1)).until(() -> server.closedByClient.get() == 1);
        }
    }

    @Test
    void a_server_that_stalls_within_its_headers_is_given_up_at_the_deadline() throws Exception {
        try (RawServer server = RawServer.stallingAfter("HTTP/1.1 200 OK\r\nContent-Le")) {
            assertEquals(retryLater("the webhook did not answer within 400 ms"), attempt(server, SHORT));
            await().atMost(Duration.ofMinutes(1)).until(() -> server.closedByClient.get() == 1);
        }
    }

    @Test
    void a_server_that_stalls_after_its_headers_has_answered_with_its_status() throws Exception {
        try (RawServer server = RawServer.stallingAfter("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")) {
            assertInstanceOf(AttemptResult.Delivered.class, attempt(server, LONG));
            await().atMost(Duration.ofMinutes(1)).until(() -> server.closedByClient.get() == 1);
        }
    }

    @Test
    void a_server_that_stalls_within_its_body_has_answered_with_its_status() throws Exception {
        try (RawServer server = RawServer.stallingAfter("HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\nabc")) {
            assertEquals(retryLater("the webhook answered 503"), attempt(server, LONG));
            await().atMost(Duration.ofMinutes(1)).until(() -> server.closedByClient.get() == 1);
        }
    }

    @Test
    void a_2xx_with_a_broken_body_is_a_success() throws Exception {
        for (String body : new String[] {
            "Content-Length: 10\r\n\r\nabc",
            "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "Content-Encoding: gzip\r\n\r\nnot gzip"
        }) {
            try (RawServer server = RawServer.closingAfter("HTTP/1.1 200 OK\r\n" + body)) {
                assertInstanceOf(AttemptResult.Delivered.class, attempt(server, LONG), body);
                assertEquals(1, server.requests.get());
            }
        }
    }

    @Test
    void a_body_is_read_up_to_its_bound_and_no_further() throws Exception {
        String body = "x".repeat((int) DiscardedBody.MAX_BYTES * 8);
        try (RawServer server =
                RawServer.stallingAfter("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n" + body)) {
            assertInstanceOf(AttemptResult.Delivered.class, attempt(server, LONG));
            await().atMost(Duration.ofMinutes(1)).until(() -> server.closedByClient.get() == 1);
        }
    }

    private static AttemptResult retryLater(String reason) {
        return new AttemptResult.RetryLater(reason, Duration.ZERO);
    }

    private static AttemptResult attempt(RawServer server, Duration timeout) throws InterruptedException {
        try (Webhook webhook = new Webhook(URI.create(server.url()), "secret", timeout, InstantSource.system())) {
            return webhook.send(Pushes.notification(1, Pushes.webhook("phone")).build(), Pushes.webhook("phone"));
        }
    }
}
