package dev.tidings.connectors.push;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads the body of a response and drops it. The status alone decides the attempt. The body is read so that the connection can serve the
 * next request, within a limit of bytes and of time; beyond either the connection is closed.
 */
final class DiscardedBody implements BodySubscriber<DiscardedBody> {

    static final long MAX_BYTES = 64 * 1024;

    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
    private final AtomicLong bytes = new AtomicLong();
    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    public CompletionStage<DiscardedBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription.set(subscription);
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        long more = buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        if (bytes.addAndGet(more) > MAX_BYTES) {
            cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.countDown();
    }

    @Override
    public void onComplete() {
        end.countDown();
    }

    /** Returns at the end of the body; after {@code within}, ends it. */
    void awaitEnd(Duration within) throws InterruptedException {
        try {
            if (!end.await(within.toNanos(), TimeUnit.NANOSECONDS)) {
                cancel();
            }
        } catch (InterruptedException e) {
            cancel();
            throw e;
        }
    }

    private void cancel() {
        Flow.Subscription open = subscription.get();
        if (open != null) {
            open.cancel();
        }
        end.countDown();
    }
}
