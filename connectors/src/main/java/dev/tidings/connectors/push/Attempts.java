package dev.tidings.connectors.push;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Attempts side by side: 32 at once, and none that begins so late that Connect would wait for long. */
final class Attempts implements AutoCloseable {

    static final int AT_ONCE = 32;

    private static final Duration BEGUN_WITHIN = Duration.ofSeconds(10);

    private final Channels channels;
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("push-", 0).factory());

    Attempts(Channels channels) {
        this.channels = channels;
    }

    /** One attempt for each; no answer for those whose turn did not come. */
    Map<PushDelivery, Answer> make(List<PushDelivery> due) {
        long startNanos = System.nanoTime();
        List<Callable<@Nullable Answer>> calls = new ArrayList<>(due.size());
        due.forEach(delivery -> calls.add(() -> attempt(delivery, startNanos)));
        Map<PushDelivery, Answer> answers = new LinkedHashMap<>();
        try {
            List<Future<@Nullable Answer>> made = threads.invokeAll(calls);
            for (int i = 0; i < made.size(); i++) {
                Answer answer = made.get(i).get();
                if (answer != null) {
                    answers.put(due.get(i), answer);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while notifying", e);
        } catch (ExecutionException e) {
            throw new ConnectException("a notification could not be sent: " + e.getCause(), e.getCause());
        }
        return answers;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private @Nullable Answer attempt(PushDelivery delivery, long startNanos) throws InterruptedException {
        permits.acquire();
        try {
            if (System.nanoTime() - startNanos > BEGUN_WITHIN.toNanos()) {
                return null;
            }
            return channels.named(delivery.target().getChannel()).send(delivery.notification(), delivery.target());
        } finally {
            permits.release();
        }
    }
}
