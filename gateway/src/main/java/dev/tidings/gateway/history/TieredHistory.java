package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of history: the events in ClickHouse, and those that have moved to the archive. Changes of messages do not move, so ClickHouse has
 * those of archived messages, too (decision 64).
 */
final class TieredHistory implements HistoryLayer {

    /** Objects of one read. Those beyond it are read with the next page. */
    static final int MAX_OBJECTS = 12;

    private static final Logger LOG = LoggerFactory.getLogger(TieredHistory.class);

    private final HistoryLayer hot;
    private final EventArchiveReader archive;

    TieredHistory(HistoryLayer hot, EventArchiveReader archive) {
        this.hot = hot;
        this.archive = archive;
    }

    /** Older events leave ClickHouse first, so the archive has the head only if ClickHouse has no event. */
    @Override
    public long headSeq(String conversationId) {
        long head = hot.headSeq(conversationId);
        return head > 0
                ? head
                : archive.ranges(conversationId).stream()
                        .mapToLong(ArchivedRange::lastSeq)
                        .reduce(archive.deletedUpTo(conversationId), Math::max);
    }

    @Override
    public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
        TreeMap<Long, ConversationEvent> found = new TreeMap<>();
        hot.events(conversationId, range, order, maxBytes).forEach(event -> found.put(event.getSeq(), event));
        SeqSpan covered = Pages.covered(found, range, order);
        SeqSpan rest = order == ReadOrder.NEWEST_FIRST
                ? new SeqSpan(range.from(), covered.from() - 1)
                : new SeqSpan(covered.to() + 1, range.to());
        long bytes = Pages.bytes(found);
        if (rest.isEmpty() || bytes >= maxBytes) {
            return List.copyOf(found.values());
        }
        List<ArchivedRange> ranges = archive.ranges(conversationId).stream()
                .filter(archived -> archived.overlaps(rest))
                .toList();
        if (!ranges.isEmpty()) {
            try {
                archive.events(conversationId, nearest(ranges, order), rest, order, maxBytes - bytes)
                        .forEach(event -> found.putIfAbsent(event.getSeq(), event));
            } catch (RuntimeException e) {
                if (covered.isEmpty()) {
                    throw e; // an answer without the first events of the order would be useless
                }
                LOG.debug("the archive cannot be read; answering with events of ClickHouse only", e);
            }
        }
        return List.copyOf(found.values());
    }

    @Override
    public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
        KnownChanges changes = hot.changes(conversationId, messageSeqs);
        return changes.toSeq() > 0
                ? changes
                : new KnownChanges(changes.events(), changes.marks(), changes.fromSeq(), headSeq(conversationId));
    }

    @Override
    public TimePosition position(String conversationId, long millis) {
        TimePosition position = hot.position(conversationId, millis);
        if (position.isExact() || position.lastBefore() > 0) {
            return position; // archived events are older
        }
        List<ArchivedRange> around = new ArrayList<>();
        for (ArchivedRange range : archive.ranges(conversationId)) {
            if (range.lastSentAtMillis() < millis) {
                position = position.and(new TimePosition(range.lastSeq(), Long.MAX_VALUE));
            } else if (range.firstSentAtMillis() >= millis) {
                position = position.and(new TimePosition(0, range.firstSeq()));
            } else {
                around.add(range);
            }
        }
        return around.isEmpty() ? position : position.and(archive.position(conversationId, around, millis));
    }

    @Override
    public long firstRetainedSeq(String conversationId) {
        return archive.deletedUpTo(conversationId) + 1;
    }

    private static List<ArchivedRange> nearest(List<ArchivedRange> ranges, ReadOrder order) {
        List<ArchivedRange> ordered = order == ReadOrder.NEWEST_FIRST ? ranges.reversed() : ranges;
        return ordered.subList(0, Math.min(ordered.size(), MAX_OBJECTS));
    }
}
