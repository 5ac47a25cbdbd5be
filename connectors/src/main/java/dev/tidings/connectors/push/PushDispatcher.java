package dev.tidings.connectors.push;

import dev.tidings.connectors.PoisonRecord;
import dev.tidings.connectors.PoisonRecords;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.PushOutcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dispatches deliveries to their channels while more records are read. Waiting deliveries are bounded: beyond a queue's limits a
 * notification goes to the topic of retries, and beyond {@link #isFull} no more records are read.
 *
 * <p>A record is settled, and its offset may be committed, when Kafka has confirmed an outcome or a retry for each of its
 * deliveries. One thread finds due deliveries; attempts and writes run on virtual threads. The lock guards all state.
 */
final class PushDispatcher implements AutoCloseable {

    /** Unsettled records per topic. A put may exceed it by one poll. */
    static final int MAX_OPEN = 5_000;

    static final long MAX_OPEN_BYTES = 32L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PushDispatcher.class);

    private static final long LONGEST_WAIT_MILLIS = 500;

    private final Channels channels;
    private final SendTimeState.Source sendTimeStates;
    private final PushProducer log;
    private final RetrySchedule retrySchedule;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("push-", 0).factory());

    private final Object lock = new Object();
    private final OpenRecords open = new OpenRecords();
    private final Map<String, ChannelQueue> queues = new HashMap<>();
    private final Queue<PushDelivery> held =
            new PriorityQueue<>(Comparator.comparingLong(PushDelivery::notBeforeMillis));
    private final CollapseKeys collapseKeys = new CollapseKeys();
    private final List<PoisonRecord> deadLetters = new ArrayList<>();
    private @Nullable ConnectException failure;
    private boolean closed;

    private PushDispatcher(
            Channels channels,
            SendTimeState.Source sendTimeStates,
            PushProducer log,
            RetrySchedule retrySchedule,
            InstantSource clock) {
        this.channels = channels;
        this.sendTimeStates = sendTimeStates;
        this.log = log;
        this.retrySchedule = retrySchedule;
        this.clock = clock;
    }

    static PushDispatcher start(
            Channels channels,
            SendTimeState.Source sendTimeStates,
            PushProducer log,
            RetrySchedule retrySchedule,
            InstantSource clock) {
        PushDispatcher dispatcher = new PushDispatcher(channels, sendTimeStates, log, retrySchedule, clock);
        Thread.ofPlatform().daemon().name("push-dispatcher").start(dispatcher::run);
        return dispatcher;
    }

    /** Adds records. Ignores those that it already holds. */
    void accept(Collection<SinkRecord> records) {
        synchronized (lock) {
            long nowMillis = clock.millis();
            for (SinkRecord record : records) {
                if (!open.isOpen(record)) {
                    open.opened(record);
                    accept(record, nowMillis);
                }
            }
            lock.notifyAll();
        }
    }

    /** Returns the records that become dead letters, and settles them. Call on the task's thread, as Connect requires. */
    void report(PoisonRecords poisonRecords) {
        List<PoisonRecord> due;
        synchronized (lock) {
            due = deadLetters.stream().filter(one -> open.isOpen(one.record())).toList();
            deadLetters.clear();
        }
        poisonRecords.report(due);
        synchronized (lock) {
            due.forEach(one -> open.settled(one.record()));
        }
    }

    Map<TopicPartition, OffsetAndMetadata> committable(Map<TopicPartition, OffsetAndMetadata> read) {
        synchronized (lock) {
            return open.committable(read);
        }
    }

    /** Returns true if the topic has so many unsettled records that no more should be read. */
    boolean isFull(String topic) {
        synchronized (lock) {
            return open.count(topic) >= MAX_OPEN || open.bytes(topic) >= MAX_OPEN_BYTES;
        }
    }

    /** Drops the deliveries of these partitions that are not in flight: another task reads them. */
    void forget(Collection<TopicPartition> partitions) {
        synchronized (lock) {
            Set<TopicPartition> revoked = Set.copyOf(partitions);
            open.forget(revoked);
            held.removeIf(delivery -> isOf(delivery, revoked));
            collapseKeys.removeIf(delivery -> isOf(delivery, revoked));
            queues.values().forEach(queue -> queue.take(delivery -> isOf(delivery, revoked)));
        }
    }

    /** @throws ConnectException if Kafka refuses a write for good, such as for missing rights */
    void requireHealthy() {
        synchronized (lock) {
            if (failure != null) {
                throw failure;
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        threads.shutdownNow();
    }

    private void accept(SinkRecord record, long nowMillis) {
        Origin origin = new Origin(record);
        List<PushDelivery> deliveries;
        try {
            deliveries = PushRecords.deliveries(origin, nowMillis);
        } catch (IllegalArgumentException e) {
            deadLetters.add(new PoisonRecord(record, e));
            return;
        }
        if (deliveries.isEmpty()) {
            open.settled(record);
        }
        deliveries.forEach(delivery -> origin.opened());
        for (PushDelivery delivery : deliveries) {
            hold(delivery, nowMillis);
        }
    }

    /** Keeps the delivery until it is due, and settles the older one that it replaces. */
    private void hold(PushDelivery delivery, long nowMillis) {
        if (delivery.isExpired(nowMillis)) {
            finish(delivery, PushOutcome.Result.EXPIRED, "", nowMillis);
            return;
        }
        if (collapseKeys.isSuperseded(delivery)) {
            finish(delivery, PushOutcome.Result.COLLAPSED, "", nowMillis);
            return;
        }
        PushDelivery older = collapseKeys.add(delivery);
        if (older != null) {
            superseded(older, delivery, nowMillis);
        }
        held.add(delivery);
    }

    private void superseded(PushDelivery older, PushDelivery delivery, long nowMillis) {
        held.remove(older);
        if (older.isSameNotification(delivery)) {
            // read twice, as after a crash: one outcome is enough
            settled(older, null);
        } else {
            finish(older, PushOutcome.Result.COLLAPSED, "", nowMillis);
        }
    }

    private void run() {
        synchronized (lock) {
            while (!closed) {
                try {
                    long nowMillis = clock.millis();
                    release(nowMillis);
                    queues.forEach((name, queue) -> {
                        deferIfCircuitIsOpen(queue, nowMillis);
                        begin(queue, nowMillis);
                    });
                    PushDelivery next = held.peek();
                    long waitMillis = next == null ? LONGEST_WAIT_MILLIS : next.notBeforeMillis() - nowMillis;
                    lock.wait(Math.clamp(waitMillis, 1, LONGEST_WAIT_MILLIS));
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    LOG.error("push dispatcher failed", e);
                    failure = new ConnectException("the push dispatcher failed: " + e, e);
                    return;
                }
            }
        }
    }

    /** Moves due deliveries into the queues of their channels. */
    private void release(long nowMillis) {
        PushDelivery next = held.peek();
        while (next != null && next.notBeforeMillis() <= nowMillis) {
            held.remove();
            if (isStillWanted(next, nowMillis)) {
                ChannelQueue queue = queues.computeIfAbsent(
                        channels.queueName(next.target().getChannel()), name -> new ChannelQueue());
                if (queue.isFullFor(next.device())) {
                    defer(next, nowMillis + retrySchedule.pauseMillis(1), "too many notifications wait", nowMillis);
                } else {
                    queue.add(next);
                }
            }
            next = held.peek();
        }
    }

    /** Returns false if the delivery is settled, or will be when its outcome is written. */
    private boolean isStillWanted(PushDelivery delivery, long nowMillis) {
        if (collapseKeys.isReplaced(delivery)) {
            return false;
        }
        if (delivery.isExpired(nowMillis)) {
            collapseKeys.remove(delivery);
            finish(delivery, PushOutcome.Result.EXPIRED, "", nowMillis);
            return false;
        }
        return true;
    }

    private void deferIfCircuitIsOpen(ChannelQueue queue, long nowMillis) {
        long openUntilMillis = queue.circuit().openUntilMillis();
        if (!queue.circuit().isClosed() && nowMillis < openUntilMillis && queue.waiting() > 0) {
            for (PushDelivery delivery : queue.take(any -> true)) {
                if (isStillWanted(delivery, nowMillis)) {
                    defer(delivery, openUntilMillis, "the channel is failing", nowMillis);
                }
            }
        }
    }

    /** Keeps a delivery from the topic of retries in memory; writes any other one to it. */
    private void defer(PushDelivery delivery, long untilMillis, String reason, long nowMillis) {
        collapseKeys.remove(delivery);
        if (!PushRecords.isRetry(delivery.origin().record())) {
            retry(delivery, untilMillis, reason);
        } else if (RetrySchedule.isOver(delivery.firstAtMillis(), nowMillis)) {
            finish(delivery, PushOutcome.Result.FAILED, delivery.reason(), nowMillis);
        } else {
            hold(delivery.heldUntil(untilMillis), nowMillis);
        }
    }

    private void begin(ChannelQueue queue, long nowMillis) {
        PushDelivery next = queue.begin(nowMillis);
        while (next != null) {
            PushDelivery delivery = next;
            if (!isStillWanted(delivery, nowMillis)) {
                queue.endedUnsent(delivery);
            } else {
                collapseKeys.remove(delivery);
                if (collapseKeys.isNewerSent(delivery)) {
                    queue.endedUnsent(delivery);
                    finish(delivery, PushOutcome.Result.COLLAPSED, "", nowMillis);
                } else {
                    threads.execute(() -> attempt(delivery, queue));
                }
            }
            next = queue.begin(nowMillis);
        }
    }

    private void attempt(PushDelivery delivery, ChannelQueue queue) {
        AttemptResult answer;
        try {
            SendTimeState state = sendTimeStates.of(delivery.notification());
            String obsolete = state.obsolete(delivery.notification());
            if (obsolete != null) {
                synchronized (lock) {
                    queue.endedUnsent(delivery);
                    lock.notifyAll();
                }
                finish(delivery, PushOutcome.Result.OBSOLETE, obsolete, clock.millis());
                return;
            }
            answer = channels.named(delivery.target().getChannel())
                    .send(state.withBadge(delivery.notification()), delivery.target());
        } catch (InterruptedException e) {
            // closing: the task that reads the record next sends it
            return;
        } catch (RuntimeException e) {
            LOG.warn("push attempt failed channel={}", delivery.target().getChannel(), e);
            answer = new AttemptResult.RetryLater(
                    "the attempt failed: " + e.getClass().getSimpleName(), Duration.ZERO);
        }
        answered(delivery.attempted(), queue, answer);
    }

    private void answered(PushDelivery delivery, ChannelQueue queue, AttemptResult answer) {
        long nowMillis = clock.millis();
        synchronized (lock) {
            queue.ended(delivery, answer instanceof AttemptResult.RetryLater, nowMillis);
            if (answer instanceof AttemptResult.Delivered) {
                collapseKeys.sent(delivery);
            }
            lock.notifyAll();
        }
        switch (answer) {
            case AttemptResult.Delivered() -> finish(delivery, PushOutcome.Result.DELIVERED, "", nowMillis);
            case AttemptResult.Refused(String reason) -> finish(delivery, PushOutcome.Result.FAILED, reason, nowMillis);
            case AttemptResult.RetryLater notNow -> {
                OptionalLong next = retrySchedule.nextAttemptMillis(
                        delivery.attempts(), delivery.firstAtMillis(), nowMillis, notNow.notBefore());
                if (next.isPresent()) {
                    retry(delivery, next.getAsLong(), notNow.reason());
                } else {
                    finish(delivery, PushOutcome.Result.FAILED, notNow.reason(), nowMillis);
                }
            }
        }
    }

    private void finish(PushDelivery delivery, PushOutcome.Result result, String reason, long nowMillis) {
        PushOutcome outcome = delivery.outcome(result, reason, nowMillis);
        write(delivery, PushProducer.record(outcome), result == PushOutcome.Result.FAILED ? outcome : null);
    }

    private void retry(PushDelivery delivery, long notBeforeMillis, String reason) {
        write(delivery, PushProducer.record(delivery.retry(notBeforeMillis, reason)), null);
    }

    private void write(PushDelivery delivery, ProducerRecord<String, byte[]> record, @Nullable PushOutcome failed) {
        log.write(record, refused -> {
            synchronized (lock) {
                if (refused == null) {
                    settled(delivery, failed);
                } else if (refused instanceof RecordTooLargeException && isRetry(record)) {
                    finish(delivery, PushOutcome.Result.FAILED, "the retry is too large for the topic", clock.millis());
                } else {
                    failure = new ConnectException("Kafka refuses " + record.topic() + ": " + refused, refused);
                }
            }
        });
    }

    private static boolean isRetry(ProducerRecord<String, byte[]> record) {
        return record.topic().equals(Topics.PUSH_RETRIES.name());
    }

    private void settled(PushDelivery delivery, @Nullable PushOutcome failed) {
        Origin origin = delivery.origin();
        if (failed != null) {
            origin.failed(failed);
        }
        if (origin.settled()) {
            if (origin.failures().isEmpty()) {
                open.settled(origin.record());
            } else {
                deadLetters.add(new PoisonRecord(origin.record(), new UndeliveredException(origin.failures())));
            }
        }
    }

    private static boolean isOf(PushDelivery delivery, Set<TopicPartition> partitions) {
        return partitions.contains(OpenRecords.partition(delivery.origin().record()));
    }
}
