package dev.tidings.gateway.log;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class UnconfirmedTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    @Test
    void a_sweep_forgets_confirmed_records_and_keeps_the_others() {
        try (Unconfirmed unconfirmed = new Unconfirmed(A_DAY)) {
            CompletableFuture<RecordMetadata> waiting = unconfirmed.add();
            unconfirmed.add().complete(new RecordMetadata(new TopicPartition("t", 0), 0, 0, 0, 0, 0));
            unconfirmed.add().completeExceptionally(new IllegalStateException());

            await().atMost(Duration.ofMinutes(1)).until(() -> unconfirmed.size() == 1);

            assertFalse(waiting.isDone());
        }
    }

    @Test
    void a_record_fails_after_the_limit_and_is_forgotten() {
        try (Unconfirmed unconfirmed = new Unconfirmed(Duration.ofMillis(1))) {
            CompletableFuture<RecordMetadata> late = unconfirmed.add();

            CompletionException failure = assertThrows(CompletionException.class, late::join);

            assertInstanceOf(TimeoutException.class, failure.getCause());
            await().atMost(Duration.ofMinutes(1)).until(() -> unconfirmed.size() == 0);
        }
    }

    @Test
    void nothing_waits_at_first() {
        try (Unconfirmed unconfirmed = new Unconfirmed(A_DAY)) {
            assertEquals(0, unconfirmed.size());
        }
    }
}
