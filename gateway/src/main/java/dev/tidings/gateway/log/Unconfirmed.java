package dev.tidings.gateway.log;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The records that a producer has not confirmed yet. A record that stays unconfirmed for longer than the limit fails with a
 * {@link TimeoutException}, at most one sweep late. One sweep covers all records: a timer for each would wake a thread for each.
 * Holds the unconfirmed records, and the confirmed ones of the last sweep interval. Thread-safe.
 */
final class Unconfirmed implements AutoCloseable {

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    private record Waiting(long deadlineNanos, CompletableFuture<RecordMetadata> confirmed) {}

    private final long limitNanos;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("gateway-unconfirmed").daemon().factory());

    /** @param limit for the confirmation of a record */
    Unconfirmed(Duration limit) {
        this.limitNanos = limit.toNanos();
        long interval = Math.min(SWEEP_INTERVAL.toNanos(), limitNanos);
        sweeper.scheduleWithFixedDelay(this::sweep, interval, interval, TimeUnit.NANOSECONDS);
    }

    /** Returns the future of a new record; the caller completes it. */
    CompletableFuture<RecordMetadata> add() {
        CompletableFuture<RecordMetadata> confirmed = new CompletableFuture<>();
        waiting.add(new Waiting(System.nanoTime() + limitNanos, confirmed));
        return confirmed;
    }

    /** The records that are unconfirmed, or were until the last sweep. */
    int size() {
        return waiting.size();
    }

    private void sweep() {
        long now = System.nanoTime();
        waiting.removeIf(record -> {
            if (record.deadlineNanos() - now <= 0) {
                record.confirmed().completeExceptionally(new TimeoutException());
            }
            return record.confirmed().isDone();
        });
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
