package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the recent layer first, and the full one for what is missing. Seqs have no gaps, so it is known what is missing. */
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
        recentEvents(conversationId, from, to).forEach(event -> found.put(event.getSeq(), event));
        if (found.size() < to - from + 1) {
            full.events(conversationId, from, firstMissingFromTheEnd(found, from, to))
                    .forEach(event -> found.put(event.getSeq(), event));
        }
        boolean complete = found.size() == to - from + 1;
        return new HistoryRange(new ArrayList<>(found.values()), complete, head);
    }

    /** The recent layer can be behind or empty (it may be dropped at any time); then the full one knows better. */
    private long headSeq(String conversationId) {
        long head = 0;
        try {
            head = recent.headSeq(conversationId);
        } catch (RuntimeException e) {
            LOG.warn("recent history cannot be read now; reading all from the full one", e);
        }
        return head > 0 ? head : full.headSeq(conversationId);
    }

    private List<ConversationEvent> recentEvents(String conversationId, long from, long to) {
        try {
            return recent.events(conversationId, from, to);
        } catch (RuntimeException e) {
            LOG.warn("recent history cannot be read now; reading all from the full one", e);
            return List.of();
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
