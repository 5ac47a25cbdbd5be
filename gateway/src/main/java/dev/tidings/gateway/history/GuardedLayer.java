package dev.tidings.gateway.history;

import com.codahale.metrics.Meter;
import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.Set;

/**
 * A layer behind a circuit breaker.
 *
 * @param reads counts the ranges of events that are read
 */
record GuardedLayer(HistoryLayer layer, CircuitBreaker breaker, Meter reads) implements HistoryLayer {

    @Override
    public long headSeq(String conversationId) {
        return breaker.call(() -> layer.headSeq(conversationId));
    }

    @Override
    public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
        reads.mark();
        return breaker.call(() -> layer.events(conversationId, range, order, maxBytes));
    }

    @Override
    public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
        return breaker.call(() -> layer.changes(conversationId, messageSeqs));
    }

    @Override
    public TimePosition position(String conversationId, long millis) {
        return breaker.call(() -> layer.position(conversationId, millis));
    }
}
