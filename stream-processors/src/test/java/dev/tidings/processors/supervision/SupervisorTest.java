package dev.tidings.processors.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class SupervisorTest {

    private long nanos = 42;
    private final Supervisor supervisor =
            new Supervisor("intake", new DeadLetterProducer("no-broker:9092", Map.of()), () -> nanos);

    @Test
    void the_first_dead_thread_is_replaced_at_once_and_later_ones_with_growing_delays() {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            supervisor.threadDied(new IllegalStateException());
            delays.add(supervisor.restartDelay().toMillis());
        }

        assertEquals(List.of(0L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L), delays);
    }

    @Test
    void a_minute_without_deaths_resets_the_delay_but_not_the_count() {
        supervisor.threadDied(new IllegalStateException());
        supervisor.threadDied(new IllegalStateException());
        nanos += TimeUnit.SECONDS.toNanos(60);

        supervisor.threadDied(new IllegalStateException());

        assertEquals(Duration.ZERO, supervisor.restartDelay());
        assertEquals(3, supervisor.deaths());
        assertEquals(List.of(), supervisor.faults());
    }

    @Test
    void repeated_thread_deaths_are_reported_with_the_kind_of_failure_and_no_user_content() {
        for (int i = 0; i < Supervisor.DEATHS_REPORTED; i++) {
            supervisor.threadDied(new KafkaException("a secret", new RecordTooLargeException("a secret")));
        }

        assertEquals(
                List.of("topology intake: its threads died 3 times within a minute, the last of KafkaException from"
                        + " RecordTooLargeException"),
                supervisor.faults());
    }

    @Test
    void closing_the_topology_releases_a_waiting_thread() {
        for (int i = 0; i < 8; i++) {
            supervisor.threadDied(new IllegalStateException());
        }
        Thread thread = Thread.ofVirtual().start(supervisor::awaitRestart);

        supervisor.close();

        assertTrue(joined(thread));
    }

    private static boolean joined(Thread thread) {
        try {
            return thread.join(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
