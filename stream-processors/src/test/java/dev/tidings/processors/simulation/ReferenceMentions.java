package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Mentions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tracks the mentions of the messages of one conversation, and checks edits and recalls against them. */
final class ReferenceMentions {

    private static final int KEPT = 1024;

    private final TreeMap<Long, Mentions> newest = new TreeMap<>();
    /** The product may have forgotten these. */
    private final Map<Long, Mentions> older = new HashMap<>();

    /**
     * Applies the event, and returns the users whom an edit or a recall goes to by name: all whom the message mentioned before or
     * mentions now. Former members still have the mention in their views.
     */
    Set<String> named(ConversationEvent event) {
        Set<String> named = new TreeSet<>();
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> change(event.getSeq(), event.getMessageSent().getMentions());
            case MESSAGE_EDITED -> {
                long seq = event.getMessageEdited().getSeq();
                Mentions now = event.getMessageEdited().getMentions();
                named.addAll(untilNow(event, seq, event.getMessageEdited().getPreviousMentions()));
                named.addAll(now.getUserIdsList());
                change(seq, now);
            }
            case MESSAGE_RECALLED -> {
                long seq = event.getMessageRecalled().getSeq();
                named.addAll(untilNow(event, seq, event.getMessageRecalled().getMentions()));
                change(seq, Mentions.getDefaultInstance());
            }
            default -> {}
        }
        return named;
    }

    void forget() {
        newest.clear();
        older.clear();
    }

    private List<String> untilNow(ConversationEvent event, long seq, Mentions said) {
        boolean forgotten = older.containsKey(seq) && isNone(said);
        if (!forgotten) {
            Mentions known = older.getOrDefault(seq, Mentions.getDefaultInstance());
            assertEquals(newest.getOrDefault(seq, known), said, event::toString);
        }
        return said.getUserIdsList();
    }

    private void change(long seq, Mentions mentions) {
        newest.remove(seq);
        older.remove(seq);
        if (seq > 0 && !isNone(mentions)) {
            newest.put(seq, mentions);
            if (newest.size() > KEPT) {
                Map.Entry<Long, Mentions> oldest = newest.pollFirstEntry();
                older.put(oldest.getKey(), oldest.getValue());
            }
        }
    }

    private static boolean isNone(Mentions mentions) {
        return !mentions.getAll() && mentions.getUserIdsCount() == 0;
    }
}
