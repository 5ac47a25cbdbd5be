package dev.tidings.gateway.history;

import dev.tidings.schemas.Limits;
import dev.tidings.v1.ConversationEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the next events of a conversation ahead while it is read page by page, newest first, and answers the next pages with them.
 *
 * <p>Keeps stored events only, which do not change; changes of messages are read for each page. Keeps at most {@link
 * #MAX_CONVERSATIONS} parts of at most a page's bytes, each for {@link #MAX_AGE}. A read ahead that fails has no effect. Thread-safe.
 */
final class ReadAheadLayer implements HistoryLayer {

    /** The events of one read ahead: a page of the greatest size. */
    static final int EVENTS = 200;

    static final int MAX_CONVERSATIONS = 64;

    static final Duration MAX_AGE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ReadAheadLayer.class);

    /** The events of a span without gaps, ascending. */
    private record Part(SeqSpan span, List<ConversationEvent> events, long readAtNanos) {}

    /** The last page of a conversation that was read, and what is read ahead of it. */
    private static final class Reading {
        /** The last seq of the page that follows; 0: there is none. */
        private long nextTo;

        private @Nullable Part ahead;
    }

    private final HistoryLayer layer;
    private final Executor executor;
    private final LongSupplier nanoTime;

    /** Reads ahead use few connections: pages that users wait for need them. */
    private final Semaphore permits = new Semaphore(1);

    /** By conversation id, the one that was read least recently first. Guarded by itself. */
    private final Map<String, Reading> readings = new LinkedHashMap<>(MAX_CONVERSATIONS, 0.75f, true);

    /**
     * @param executor runs reads ahead
     * @param nanoTime a clock that never goes back
     */
    ReadAheadLayer(HistoryLayer layer, Executor executor, LongSupplier nanoTime) {
        this.layer = layer;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    @Override
    public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
        if (order != ReadOrder.NEWEST_FIRST) {
            return layer.events(conversationId, range, order, maxBytes);
        }
        List<ConversationEvent> known = known(conversationId, range, maxBytes);
        List<ConversationEvent> page = known == null ? layer.events(conversationId, range, order, maxBytes) : known;
        SeqSpan ahead = ahead(conversationId, range, page);
        if (ahead != null && permits.tryAcquire()) {
            executor.execute(() -> readAhead(conversationId, ahead));
        }
        return page;
    }

    /** Returns the events of a range that was read ahead as a whole; null if it was not. */
    private @Nullable List<ConversationEvent> known(String conversationId, SeqSpan range, long maxBytes) {
        Part part;
        synchronized (readings) {
            Reading reading = readings.get(conversationId);
            part = reading == null ? null : reading.ahead;
        }
        if (part == null || isOld(part) || range.from() < part.span.from() || range.to() > part.span.to()) {
            return null;
        }
        List<ConversationEvent> page = new ArrayList<>();
        long bytes = 0;
        for (long seq = range.to(); seq >= range.from() && bytes < maxBytes; seq--) {
            ConversationEvent event = part.events.get(Math.toIntExact(seq - part.span.from()));
            bytes += event.getSerializedSize();
            page.addFirst(event);
        }
        return page;
    }

    /** Remembers the page, and returns the span to read ahead; null: none, or it is known already. */
    private @Nullable SeqSpan ahead(String conversationId, SeqSpan range, List<ConversationEvent> page) {
        boolean hasGap = page.isEmpty() || page.getFirst().getSeq() != range.to() - page.size() + 1;
        long nextTo = hasGap ? 0 : page.getFirst().getSeq() - 1;
        synchronized (readings) {
            Reading reading = readings.computeIfAbsent(conversationId, _ -> new Reading());
            if (readings.size() > MAX_CONVERSATIONS) {
                readings.remove(readings.keySet().iterator().next());
            }
            boolean follows = reading.nextTo == range.to();
            reading.nextTo = nextTo;
            long nextFrom = Math.max(1, nextTo - page.size() + 1);
            Part part = reading.ahead;
            boolean isKnown = part != null && !isOld(part) && part.span.from() <= nextFrom && part.span.to() >= nextTo;
            return follows && nextTo > 0 && !isKnown ? new SeqSpan(Math.max(1, nextTo - EVENTS + 1), nextTo) : null;
        }
    }

    private void readAhead(String conversationId, SeqSpan span) {
        try {
            List<ConversationEvent> events = layer.events(conversationId, span, ReadOrder.NEWEST_FIRST, Limits.PAGE);
            int size = 0;
            while (size < events.size() && events.get(events.size() - 1 - size).getSeq() == span.to() - size) {
                size++;
            }
            Part part = new Part(
                    new SeqSpan(span.to() - size + 1, span.to()),
                    List.copyOf(events.subList(events.size() - size, events.size())),
                    nanoTime.getAsLong());
            synchronized (readings) {
                Reading reading = readings.get(conversationId);
                if (reading != null) {
                    reading.ahead = part;
                }
            }
        } catch (RuntimeException e) {
            LOG.debug("events cannot be read ahead", e);
        } finally {
            permits.release();
        }
    }

    private boolean isOld(Part part) {
        return nanoTime.getAsLong() - part.readAtNanos >= MAX_AGE.toNanos();
    }

    @Override
    public long headSeq(String conversationId) {
        return layer.headSeq(conversationId);
    }

    @Override
    public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
        return layer.changes(conversationId, messageSeqs);
    }

    @Override
    public TimePosition position(String conversationId, long millis) {
        return layer.position(conversationId, millis);
    }

    @Override
    public long firstRetainedSeq(String conversationId) {
        return layer.firstRetainedSeq(conversationId);
    }
}
