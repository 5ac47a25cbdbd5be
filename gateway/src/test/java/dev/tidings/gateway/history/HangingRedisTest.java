package dev.tidings.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.Meter;
import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.v1.ConversationEvent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Redis that accepts connections and never answers: the kernel accepts them for a socket that no thread reads from. */
class HangingRedisTest {

    private static final long NOW = 1_000;

    @Test
    @Timeout(180)
    void every_pull_is_answered_from_the_full_layer_and_only_the_first_ones_wait_for_redis() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisReader redis = new RedisReader("redis://127.0.0.1:" + hanging.getLocalPort());
                ExecutorService pulls = Executors.newVirtualThreadPerTaskExecutor()) {
            CountedWaits waits = new CountedWaits(new RedisHistory(redis));
            LayeredHistory history = new LayeredHistory(
                    new GuardedLayer(waits, new CircuitBreaker("redis", () -> 0), new Meter()),
                    new Full(),
                    1_000_000,
                    () -> NOW,
                    () -> 0);

            List<Future<HistoryRange>> atOnce = IntStream.range(0, 20)
                    .mapToObj(pull -> pulls.submit(() -> history.read("p:alice:bob", 1, Long.MAX_VALUE, 200)))
                    .toList();
            for (Future<HistoryRange> pull : atOnce) {
                assertEquals(5, pull.get().events().size());
                assertTrue(pull.get().complete());
            }
            long waited = waits.count;
            assertTrue(waited >= 1 && waited <= 20, "each of those at once waits one time: " + waited);
            assertEquals(5, history.read("p:alice:bob", 1, 5, 200).events().size());
            assertEquals(waited, waits.count, "later ones do not wait");
        }
    }

    /** Counts the calls that reach Redis; each takes {@link RedisReader#TIMEOUT} here. */
    private static final class CountedWaits implements HistoryLayer {

        private final HistoryLayer layer;
        private volatile long count;

        CountedWaits(HistoryLayer layer) {
            this.layer = layer;
        }

        private synchronized void called() {
            count++;
        }

        @Override
        public long headSeq(String conversationId) {
            called();
            return layer.headSeq(conversationId);
        }

        @Override
        public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
            called();
            return layer.events(conversationId, range, order, maxBytes);
        }

        @Override
        public TimePosition position(String conversationId, long millis) {
            called();
            return layer.position(conversationId, millis);
        }

        @Override
        public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
            called();
            return layer.changes(conversationId, messageSeqs);
        }
    }

    private static final class Full implements HistoryLayer {

        @Override
        public long headSeq(String conversationId) {
            return 5;
        }

        @Override
        public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
            return LongStream.rangeClosed(range.from(), range.to())
                    .mapToObj(seq -> ConversationEvent.newBuilder().setSeq(seq).build())
                    .toList();
        }

        @Override
        public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
            return new KnownChanges(List.of(), 1, 5);
        }

        @Override
        public TimePosition position(String conversationId, long millis) {
            return TimePosition.UNKNOWN;
        }
    }
}
