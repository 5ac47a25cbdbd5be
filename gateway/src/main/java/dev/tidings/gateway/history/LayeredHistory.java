package dev.tidings.gateway.history;

import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.ConversationEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the recent layer first, and the rest from the full one. Seqs have no gaps, which shows what is missing.
 *
 * <p>Either layer may lag behind the other. The head is read from the full layer, too, if the recent one may lack the newest
 * requested event or was found behind recently ({@link RecentLag}). A message is shown only if all its changes up to the head
 * are known, from one layer or from both together: changes come after the message, so a layer that holds every event from a
 * message to the newest one holds its changes. See decision 33.
 */
final class LayeredHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(LayeredHistory.class);

    private final HistoryLayer recent;
    private final HistoryLayer full;
    private final long maxBytes;
    private final LongSupplier logMillis;
    private final RecentLag recentLag;

    /**
     * @param maxBytes of the events of one range; one event is always returned
     * @param logMillis the time of the log, by which messages expire
     * @param nanoTime a clock that never goes back
     */
    LayeredHistory(
            HistoryLayer recent, HistoryLayer full, long maxBytes, LongSupplier logMillis, LongSupplier nanoTime) {
        this.recent = recent;
        this.full = full;
        this.maxBytes = maxBytes;
        this.logMillis = logMillis;
        this.recentLag = new RecentLag(nanoTime);
    }

    /**
     * The newest event of a conversation.
     *
     * @param certain whether every layer that could know a newer event was read
     */
    private record Head(long seq, boolean certain) {}

    @Override
    public HistoryRange read(HistoryQuery query) {
        return page(query, maxBytes);
    }

    @Override
    public HistoryRange around(String conversationId, long seq, SeqSpan range, int limit) {
        int before = limit / 2;
        HistoryRange after =
                page(HistoryQuery.oldest(conversationId, new SeqSpan(seq, range.to()), limit - before), maxBytes / 2);
        SeqSpan earlier = new SeqSpan(range.from(), seq - 1);
        if (after.headSeq() < seq || before == 0 || earlier.isEmpty()) {
            boolean complete = after.complete() && earlier.isEmpty();
            return new HistoryRange(after.events(), after.fromSeq(), after.toSeq(), complete, after.headSeq());
        }
        HistoryRange part = page(HistoryQuery.newest(conversationId, earlier, before), maxBytes / 2);
        boolean complete = part.complete() && after.complete();
        List<ConversationEvent> events = new ArrayList<>(part.events());
        events.addAll(after.events());
        long head = Math.max(part.headSeq(), after.headSeq());
        // fromSeq is seq if nothing before it is known, and then greater than toSeq if seq is not known either
        return new HistoryRange(events, part.fromSeq(), after.toSeq(), complete, head);
    }

    @Override
    public SeqSpan between(String conversationId, long fromMillis, long untilMillis) {
        long from = fromMillis <= 0 ? 1 : position(conversationId, fromMillis).firstPossibleAt();
        long to = untilMillis == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : position(conversationId, untilMillis).lastPossibleBefore();
        return new SeqSpan(from, to);
    }

    private TimePosition position(String conversationId, long millis) {
        TimePosition recently = orElse(TimePosition.UNKNOWN, () -> recent.position(conversationId, millis));
        if (recently.isExact()) {
            return recently;
        }
        try {
            return recently.and(full.position(conversationId, millis));
        } catch (RuntimeException e) {
            if (recently.equals(TimePosition.UNKNOWN)) {
                throw e;
            }
            LOG.debug("full history cannot be read; the span also has seqs that only it could exclude", e);
            return recently;
        }
    }

    private HistoryRange page(HistoryQuery query, long bytes) {
        String conversationId = query.conversationId();
        boolean newestFirst = query.order() == ReadOrder.NEWEST_FIRST;
        Head head = head(conversationId, newestFirst ? query.toSeq() : firstSeqBehind(query));
        SeqSpan range = new SeqSpan(query.fromSeq(), Math.min(query.toSeq(), head.seq()));
        if (range.isEmpty()) {
            return new HistoryRange(List.of(), range.from(), range.to(), head.certain(), head.seq());
        }
        SeqSpan page = newestFirst
                ? new SeqSpan(Math.max(range.from(), range.to() - query.limit() + 1), range.to())
                : new SeqSpan(range.from(), Math.min(range.to(), range.from() + query.limit() - 1));
        TreeMap<Long, ConversationEvent> found =
                Pages.thatFit(found(conversationId, page, query.order(), bytes), query.order(), bytes);
        // again, because states add bytes
        TreeMap<Long, ConversationEvent> shown =
                Pages.thatFit(asTheyStand(conversationId, found, head.seq()), query.order(), bytes);
        SeqSpan covered = Pages.covered(shown, page, query.order());
        if (covered.equals(page)) {
            return reply(shown, covered, range, head);
        }
        long retainedFrom = firstRetainedSeq(conversationId);
        if (newestFirst) {
            long from = covered.from() <= retainedFrom ? range.from() : covered.from();
            return reply(shown, new SeqSpan(from, covered.to()), range, head);
        }
        if (covered.to() + 1 >= retainedFrom) {
            return reply(shown, covered, range, head);
        }
        if (retainedFrom > range.to()) {
            return reply(shown, range, range, head);
        }
        HistoryRange retained = page(
                HistoryQuery.oldest(conversationId, new SeqSpan(retainedFrom, query.toSeq()), query.limit()), bytes);
        return new HistoryRange(
                retained.events(), query.fromSeq(), retained.toSeq(), retained.complete(), retained.headSeq());
    }

    private static HistoryRange reply(
            TreeMap<Long, ConversationEvent> shown, SeqSpan covered, SeqSpan range, Head head) {
        boolean complete = head.certain() && covered.equals(range);
        return new HistoryRange(List.copyOf(shown.values()), covered.from(), covered.to(), complete, head.seq());
    }

    private long firstRetainedSeq(String conversationId) {
        try {
            return full.firstRetainedSeq(conversationId);
        } catch (RuntimeException e) {
            LOG.debug("the retention cannot be read; absent events count as missing", e);
            return 1;
        }
    }

    /** The seq behind the page, if events are read oldest first. A head from there on shows that the page is not the last one. */
    private static long firstSeqBehind(HistoryQuery query) {
        return query.toSeq() - query.fromSeq() < query.limit() ? query.toSeq() : query.fromSeq() + query.limit();
    }

    private Head head(String conversationId, long toSeq) {
        long recentHead = orElse(0L, () -> recent.headSeq(conversationId));
        if (recentHead >= toSeq && !recentLag.isSuspected()) {
            return new Head(recentHead, true);
        }
        long fullHead;
        try {
            fullHead = full.headSeq(conversationId);
        } catch (RuntimeException e) {
            if (recentHead == 0) {
                throw e;
            }
            LOG.debug("full history cannot be read; it may hold newer events", e);
            return new Head(recentHead, recentHead >= toSeq);
        }
        if (recentHead > 0) {
            recentLag.compared(recentHead, fullHead);
        }
        return new Head(Math.max(recentHead, fullHead), true);
    }

    private TreeMap<Long, ConversationEvent> found(String conversationId, SeqSpan page, ReadOrder order, long bytes) {
        TreeMap<Long, ConversationEvent> found = new TreeMap<>();
        add(found, orElse(List.of(), () -> recent.events(conversationId, page, order, bytes)));
        SeqSpan covered = Pages.covered(found, page, order);
        SeqSpan rest = order == ReadOrder.NEWEST_FIRST
                ? new SeqSpan(page.from(), covered.from() - 1)
                : new SeqSpan(covered.to() + 1, page.to());
        long coveredBytes = covered.isEmpty() ? 0 : Pages.bytes(found.subMap(covered.from(), true, covered.to(), true));
        if (!rest.isEmpty() && coveredBytes < bytes) {
            try {
                add(found, full.events(conversationId, rest, order, bytes - coveredBytes));
            } catch (RuntimeException e) {
                if (coveredBytes == 0) {
                    throw e; // an answer without the first events of the order would be useless
                }
                LOG.debug("full history cannot be read; answering with recent events only", e);
            }
        }
        return found;
    }

    private static void add(Map<Long, ConversationEvent> found, List<ConversationEvent> events) {
        events.forEach(event -> found.put(event.getSeq(), event));
    }

    /** Applies changes, and leaves out messages whose state is not known. */
    private TreeMap<Long, ConversationEvent> asTheyStand(
            String conversationId, TreeMap<Long, ConversationEvent> events, long head) {
        Set<Long> changeable = events.values().stream()
                .mapMulti((ConversationEvent event, java.util.function.Consumer<Long> seqs) -> {
                    seqs.accept(MessageStates.shownSeq(event));
                    seqs.accept(MessageStates.quotedSeq(event));
                })
                .filter(seq -> seq > 0)
                .collect(Collectors.toSet());
        if (changeable.isEmpty()) {
            return events;
        }
        MessageResolver resolver = resolver(conversationId, events, changeable, head);
        TreeMap<Long, ConversationEvent> shown = new TreeMap<>();
        events.forEach((seq, event) -> {
            ConversationEvent resolved = resolver.resolve(event);
            if (resolved != null) {
                shown.put(seq, resolved);
            }
        });
        return shown;
    }

    private MessageResolver resolver(
            String conversationId, TreeMap<Long, ConversationEvent> events, Set<Long> changeable, long head) {
        KnownChanges recentChanges = orElse(KnownChanges.NOTHING, () -> recent.changes(conversationId, changeable));
        MessageResolver byRecent = new MessageResolver(
                newest(recentChanges), recentChanges, KnownChanges.NOTHING, head, logMillis.getAsLong());
        Set<Long> uncertain =
                events.values().stream().mapMulti(byRecent::uncertainSeqs).collect(Collectors.toSet());
        if (uncertain.isEmpty()) {
            return byRecent;
        }
        KnownChanges fullChanges;
        try {
            fullChanges = full.changes(conversationId, uncertain);
        } catch (RuntimeException e) {
            LOG.debug("changes cannot be read; messages that may have changed are left out", e);
            return byRecent;
        }
        Map<Long, ConversationEvent> newest = newest(recentChanges);
        newest(fullChanges).forEach((seq, change) -> newest.merge(seq, change, MessageStates::newer));
        return new MessageResolver(newest, recentChanges, fullChanges, head, logMillis.getAsLong());
    }

    private static Map<Long, ConversationEvent> newest(KnownChanges known) {
        Map<Long, ConversationEvent> newest = new HashMap<>();
        known.events().stream()
                .filter(change -> MessageStates.changedSeq(change) > 0)
                .forEach(change -> newest.merge(MessageStates.changedSeq(change), change, MessageStates::newer));
        return newest;
    }

    private static <T> T orElse(T fallback, Supplier<T> readRecent) {
        try {
            return readRecent.get();
        } catch (ReadModelUnavailableException e) {
            LOG.debug("recent history cannot be read; reading everything from the full one", e);
            return fallback;
        } catch (RuntimeException e) {
            LOG.warn("recent history cannot be read; reading everything from the full one", e);
            return fallback;
        }
    }
}
