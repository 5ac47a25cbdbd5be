package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the recent layer first, and the full one for what is missing. Seqs have no gaps, so it is known what is missing.
 *
 * <p>So it is with changes of messages: they come after the message, so a layer that holds every event from a message to
 * the newest one holds its changes. Of the events where the recent layer cannot say so, the full one is asked for changes;
 * the newest that either knows counts.
 */
public final class LayeredHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(LayeredHistory.class);

    private final HistoryLayer recent;
    private final HistoryLayer full;

    LayeredHistory(HistoryLayer recent, HistoryLayer full) {
        this.recent = recent;
        this.full = full;
    }

    @Override
    public HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit) {
        long head = headSeq(conversationId);
        long to = Math.min(toSeq, head);
        long from = Math.max(fromSeq, to - limit + 1);
        if (to < from) {
            return new HistoryRange(List.of(), true, head);
        }
        TreeMap<Long, ConversationEvent> found = new TreeMap<>();
        orElse(List.<ConversationEvent>of(), () -> recent.events(conversationId, from, to))
                .forEach(event -> found.put(event.getSeq(), event));
        long recentFrom = found.isEmpty() ? Long.MAX_VALUE : found.firstKey();
        if (found.size() < to - from + 1) {
            full.events(conversationId, from, firstMissingFromTheEnd(found, from, to))
                    .forEach(event -> found.put(event.getSeq(), event));
        }
        boolean complete = found.size() == to - from + 1;
        return new HistoryRange(asTheyStand(conversationId, found.values(), recentFrom), complete, head);
    }

    /** @param recentFrom the first event that the recent layer had */
    private List<ConversationEvent> asTheyStand(
            String conversationId, Collection<ConversationEvent> events, long recentFrom) {
        Set<Long> shown = shownSeqs(events);
        if (shown.isEmpty()) {
            return new ArrayList<>(events);
        }
        Map<Long, ConversationEvent> newest = new HashMap<>();
        KnownChanges known = orElse(KnownChanges.NOTHING, () -> recent.changes(conversationId, recentFrom, shown));
        add(known, newest);
        Set<Long> unsure = shownSeqs(events.stream()
                .filter(event -> !known.all() || event.getSeq() < recentFrom)
                .toList());
        if (!unsure.isEmpty()) {
            add(full.changes(conversationId, 0, unsure), newest);
        }
        return events.stream()
                .map(event -> {
                    ConversationEvent change = newest.get(MessageStates.shownSeq(event));
                    return change == null ? event : MessageStates.applied(event, change);
                })
                .toList();
    }

    private static Set<Long> shownSeqs(Collection<ConversationEvent> events) {
        return events.stream()
                .map(MessageStates::shownSeq)
                .filter(seq -> seq > 0)
                .collect(Collectors.toSet());
    }

    private static void add(KnownChanges known, Map<Long, ConversationEvent> newest) {
        known.events().forEach(change -> newest.merge(MessageStates.changedSeq(change), change, MessageStates::newer));
    }

    /** The recent layer can be behind or empty (it may be dropped at any time); then the full one knows better. */
    private long headSeq(String conversationId) {
        long head = orElse(0L, () -> recent.headSeq(conversationId));
        return head > 0 ? head : full.headSeq(conversationId);
    }

    private static <T> T orElse(T ifItFails, Supplier<T> askRecent) {
        try {
            return askRecent.get();
        } catch (RuntimeException e) {
            LOG.warn("recent history cannot be read now; reading all from the full one", e);
            return ifItFails;
        }
    }

    /** What is found lies at the end as a rule, so only the part before it has to be asked for. */
    private static long firstMissingFromTheEnd(TreeMap<Long, ConversationEvent> found, long from, long to) {
        long seq = to;
        while (seq >= from && found.containsKey(seq)) {
            seq--;
        }
        return seq;
    }
}
