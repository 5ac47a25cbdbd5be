package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whom users had blocked when INBOX took up an event, by the order of its partitions, whatever conversation the two come from.
 * What was read from a transaction that was aborted later has been taken up already when it comes again.
 */
final class Blocks {

    /** User and event, where the user had blocked the one who wrote it. */
    private final Set<String> unheeded = new HashSet<>();

    private final Set<String> unheededIn = new HashSet<>();
    private final Map<String, Set<String>> everBlocked = new HashMap<>();
    private final Map<String, Set<String>> blocked = new HashMap<>();

    Blocks(Cluster cluster) {
        for (Partition inbox : cluster.partitions(Topics.INBOX)) {
            Set<String> came = new HashSet<>();
            for (Partition.Appended record : inbox.all()) {
                InboxRecord taken = Ledger.value(Topics.INBOX, record);
                for (String userId : taken.getRecipientsList()) {
                    if (came.add(place(userId, taken.getEvent()))) {
                        take(userId, taken.getEvent());
                    }
                }
            }
        }
    }

    private void take(String userId, ConversationEvent event) {
        if (event.hasBlockChanged()) {
            String peer = peer(userId, event.getConversationId());
            Set<String> ofUser = blocked.computeIfAbsent(userId, none -> new HashSet<>());
            if (event.getBlockChanged().getBlocked()) {
                ofUser.add(peer);
                everBlocked.computeIfAbsent(userId, none -> new HashSet<>()).add(peer);
            } else {
                ofUser.remove(peer);
            }
        } else if (isBlocked(userId, event.getMessageSent().getSender())
                && event.getMessageSent().hasMentions()) {
            unheeded.add(place(userId, event));
            unheededIn.add(userId + '@' + event.getConversationId());
        }
    }

    /** In the end. */
    boolean isBlocked(String byUserId, String userId) {
        return blocked.getOrDefault(byUserId, Set.of()).contains(userId);
    }

    boolean wasEverBlocked(String byUserId, String userId) {
        return everBlocked.getOrDefault(byUserId, Set.of()).contains(userId);
    }

    /** Whether any message there has mentioned the user without effect. */
    boolean hasUnheeded(String userId, String conversationId) {
        return unheededIn.contains(userId + '@' + conversationId);
    }

    /** How many mentions were without effect. */
    int unheeded() {
        return unheeded.size();
    }

    /** The event as it concerns this user: by whom the user has blocked, they are not mentioned. */
    ConversationEvent asHeard(String userId, ConversationEvent event) {
        if (!unheeded.contains(place(userId, event))) {
            return event;
        }
        ConversationEvent.Builder heard = event.toBuilder();
        heard.getMessageSentBuilder().clearMentions();
        return heard.build();
    }

    /** The other one of the two. */
    static String peer(String userId, String conversationId) {
        if (ConversationId.parse(conversationId) instanceof ConversationId.Private pair) {
            return pair.peerOf(userId);
        }
        throw new IllegalArgumentException("not between two: " + conversationId);
    }

    private static String place(String userId, ConversationEvent event) {
        return userId
                + '@'
                + event.getConversationId()
                + '#'
                + event.getSeq()
                + ' '
                + event.getCommandId()
                + ' '
                + event.getSentAt();
    }
}
