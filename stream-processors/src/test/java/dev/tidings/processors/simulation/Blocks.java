package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageSent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Recounts which users had blocked which others when INBOX processed an event. The order is that of the inbox partitions, which holds across
 * conversations. Records of a transaction that was aborted later count where they were first read.
 */
final class Blocks {

    /** User and event, where the user had blocked the author. */
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
        } else if (mentionsByBlocked(userId, event)) {
            unheeded.add(place(userId, event));
            unheededIn.add(userId + '@' + event.getConversationId());
        }
    }

    private boolean mentionsByBlocked(String userId, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        MessageEdited edited = event.getMessageEdited();
        return (sent.hasMentions() && isBlocked(userId, sent.getSender()))
                || (edited.hasMentions() && isBlocked(userId, edited.getSender()));
    }

    /** Whether the block holds at the end of the log. */
    boolean isBlocked(String byUserId, String userId) {
        return blocked.getOrDefault(byUserId, Set.of()).contains(userId);
    }

    boolean wasEverBlocked(String byUserId, String userId) {
        return everBlocked.getOrDefault(byUserId, Set.of()).contains(userId);
    }

    /** Whether a blocked author has mentioned the user in the conversation. */
    boolean hasUnheeded(String userId, String conversationId) {
        return unheededIn.contains(userId + '@' + conversationId);
    }

    /** The number of mentions by blocked authors. */
    int unheeded() {
        return unheeded.size();
    }

    /** The event as the user receives it: without mentions if they have blocked the author. */
    ConversationEvent asHeard(String userId, ConversationEvent event) {
        if (!unheeded.contains(place(userId, event))) {
            return event;
        }
        ConversationEvent.Builder received = event.toBuilder();
        if (event.hasMessageSent()) {
            received.getMessageSentBuilder().clearMentions();
        } else {
            received.getMessageEditedBuilder().clearMentions();
        }
        return received.build();
    }

    /** The other user of a private conversation. */
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
