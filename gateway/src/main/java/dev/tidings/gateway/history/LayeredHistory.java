package dev.tidings.gateway.history;

import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.ConversationEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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
    public HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit) {
        Head head = head(conversationId, toSeq);
        long to = Math.min(toSeq, head.seq());
        if (to < fromSeq) {
            return new HistoryRange(List.of(), fromSeq, to, head.certain(), head.seq());
        }
        long from = Math.max(fromSeq, to - limit + 1);
        TreeMap<Long, ConversationEvent> found = newestThatFit(found(conversationId, from, to));
        NavigableMap<Long, ConversationEvent> shown = asTheyStand(conversationId, found, head.seq());
        long coveredFrom = lastMissing(shown, from, to) + 1;
        boolean complete = head.certain() && coveredFrom == fromSeq;
        return new HistoryRange(List.copyOf(shown.values()), coveredFrom, to, complete, head.seq());
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

    private TreeMap<Long, ConversationEvent> found(String conversationId, long from, long to) {
        TreeMap<Long, ConversationEvent> found = new TreeMap<>();
        add(found, orElse(List.of(), () -> recent.events(conversationId, from, to, maxBytes)));
        long missing = lastMissing(found, from, to);
        long bytes = bytes(found.tailMap(missing, false));
        if (missing >= from && bytes < maxBytes) {
            try {
                add(found, full.events(conversationId, from, missing, maxBytes - bytes));
            } catch (RuntimeException e) {
                if (bytes == 0) {
                    throw e; // an answer without the newest events would be useless
                }
                LOG.debug("full history cannot be read; answering with recent events only", e);
            }
        }
        return found;
    }

    private static void add(Map<Long, ConversationEvent> found, List<ConversationEvent> events) {
        events.forEach(event -> found.put(event.getSeq(), event));
    }

    private TreeMap<Long, ConversationEvent> newestThatFit(TreeMap<Long, ConversationEvent> found) {
        TreeMap<Long, ConversationEvent> fit = new TreeMap<>();
        long bytes = 0;
        for (ConversationEvent event : found.descendingMap().values()) {
            bytes += event.getSerializedSize();
            if (bytes > maxBytes && !fit.isEmpty()) {
                break;
            }
            fit.put(event.getSeq(), event);
        }
        return fit;
    }

    /** Returns the last seq that is missing; {@code from - 1}: none. What was found usually lies at the end of the range. */
    private static long lastMissing(Map<Long, ConversationEvent> found, long from, long to) {
        long seq = to;
        while (seq >= from && found.containsKey(seq)) {
            seq--;
        }
        return seq;
    }

    private static long bytes(Map<Long, ConversationEvent> events) {
        return events.values().stream()
                .mapToLong(ConversationEvent::getSerializedSize)
                .sum();
    }

    /** Applies changes, and leaves out messages whose state is not known. */
    private NavigableMap<Long, ConversationEvent> asTheyStand(
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
        known.events().forEach(change -> newest.merge(MessageStates.changedSeq(change), change, MessageStates::newer));
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
