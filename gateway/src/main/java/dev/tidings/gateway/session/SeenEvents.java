package dev.tidings.gateway.session;

import dev.tidings.v1.ConversationEvent;
import java.util.TreeSet;

/**
 * Finds duplicates among the events that come for one session, in its 512 conversations used last.
 *
 * <p>An event comes on one path or on both: <em>addressed</em> to the session by INBOX, and <em>subscribed</em>, directly
 * from CONVERSATION. Each path keeps the order of the conversation, and repeats itself when a topology recovers from a
 * crash. Between the paths there is no order: an addressed event may be older than the last subscribed one and still be new.
 * Not thread-safe.
 */
final class SeenEvents {

    private static final int MAX_EARLY = 64;

    private final RecentConversations<SeenInConversation> conversations = new RecentConversations<>();

    /**
     * Records an addressed event.
     *
     * @param isLarge whether the conversation is large, so that the event may come subscribed, too
     * @return whether the event is new to the session
     */
    boolean addressed(ConversationEvent event, boolean isLarge) {
        return event.getSeq() == 0 || seen(event).addressed(event.getSeq(), isLarge);
    }

    /**
     * Records a subscribed event.
     *
     * @return whether the event is new to the session
     */
    boolean subscribed(ConversationEvent event) {
        return event.getSeq() == 0 || seen(event).subscribed(event.getSeq());
    }

    private SeenInConversation seen(ConversationEvent event) {
        return conversations.computeIfAbsent(event.getConversationId(), first -> new SeenInConversation());
    }

    private static final class SeenInConversation {

        private long lastAddressed;
        /** All events from here to subscribedTo came subscribed. */
        private long subscribedFrom;
        /** 0: no event came subscribed. */
        private long subscribedTo;
        /** Came addressed and may still come subscribed. */
        private final TreeSet<Long> early = new TreeSet<>();

        boolean addressed(long seq, boolean isLarge) {
            if (seq <= lastAddressed) {
                return false;
            }
            lastAddressed = seq;
            if (seq >= subscribedFrom && seq <= subscribedTo) {
                return false;
            }
            if (seq > subscribedTo && (isLarge || subscribedTo > 0)) {
                early.add(seq);
                if (early.size() > MAX_EARLY) {
                    early.pollFirst();
                }
            }
            return true;
        }

        boolean subscribed(long seq) {
            if (seq <= subscribedTo) {
                return false;
            }
            if (seq != subscribedTo + 1) {
                subscribedFrom = seq; // the session was not subscribed for a while
            }
            subscribedTo = seq;
            boolean seen = early.remove(seq);
            early.headSet(seq).clear();
            return !seen;
        }
    }
}
