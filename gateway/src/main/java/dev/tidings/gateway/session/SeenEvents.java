package dev.tidings.gateway.session;

import dev.tidings.v1.ConversationEvent;
import java.util.TreeSet;

/**
 * Which events one session has had, of the conversations last active in it, so that it is handed each of them once.
 *
 * <p>An event comes on one path or on both: <em>by name</em>, over INBOX, to those whom it concerns; and <em>by
 * following</em>, straight from CONVERSATION. Each path keeps the order of the conversation, and repeats itself where a
 * topology recovers from a crash. Between the two there is no order: what comes by name may be older than what came by
 * following, and news all the same. Not thread-safe.
 */
final class SeenEvents {

    private static final int REMEMBERED_EARLY = 64;

    private final Remembered<Seen> conversations = new Remembered<>();

    /**
     * Takes note of an event that comes by name.
     *
     * @param large the conversation is followed, so the event may come that way, too
     * @return whether the session has not had it
     */
    boolean byName(ConversationEvent event, boolean large) {
        return event.getSeq() == 0 || seen(event).byName(event.getSeq(), large);
    }

    /**
     * Takes note of an event that comes by following.
     *
     * @return whether the session has not had it
     */
    boolean byFollowing(ConversationEvent event) {
        return event.getSeq() == 0 || seen(event).byFollowing(event.getSeq());
    }

    private Seen seen(ConversationEvent event) {
        return conversations.computeIfAbsent(event.getConversationId(), first -> new Seen());
    }

    private static final class Seen {

        private long lastByName;
        /** By following came everything from here on … */
        private long followedFrom;
        /** … up to here; 0: nothing. */
        private long followedTo;
        /** Came by name before it came by following. */
        private final TreeSet<Long> early = new TreeSet<>();

        boolean byName(long seq, boolean large) {
            if (seq <= lastByName) {
                return false;
            }
            lastByName = seq;
            if (seq >= followedFrom && seq <= followedTo) {
                return false;
            }
            if (seq > followedTo && (large || followedTo > 0)) {
                early.add(seq);
                if (early.size() > REMEMBERED_EARLY) {
                    early.pollFirst();
                }
            }
            return true;
        }

        boolean byFollowing(long seq) {
            if (seq <= followedTo) {
                return false;
            }
            if (seq != followedTo + 1) {
                followedFrom = seq; // the session did not follow for a while
            }
            followedTo = seq;
            boolean had = early.remove(seq);
            early.headSet(seq).clear();
            return !had;
        }
    }
}
