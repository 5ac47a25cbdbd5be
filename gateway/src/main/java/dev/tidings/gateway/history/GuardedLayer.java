package dev.tidings.gateway.history;

import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.Set;

/** A layer behind a circuit breaker. */
record GuardedLayer(HistoryLayer layer, CircuitBreaker breaker) implements HistoryLayer {

    @Override
    public long headSeq(String conversationId) {
        return breaker.call(() -> layer.headSeq(conversationId));
    }

    @Override
    public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
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
