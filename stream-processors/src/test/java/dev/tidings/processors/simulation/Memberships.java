package dev.tidings.processors.simulation;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Recounts from the events who is a member of which conversation, and which users an event goes to by name. */
final class Memberships {

    private final Map<String, TreeSet<String>> members = new TreeMap<>();
    private final Set<String> large = new TreeSet<>();
    /** By private conversation: the users who have blocked the other one. */
    private final Map<String, TreeSet<String>> blockers = new TreeMap<>();

    /** Whether one of the two has blocked the other. Neither can send then. */
    boolean isSilenced(String conversationId) {
        return !blockers.getOrDefault(conversationId, new TreeSet<>()).isEmpty();
    }

    boolean belongs(String userId, String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case ConversationId.Private pair -> pair.has(userId);
            case ConversationId.Group group ->
                members.getOrDefault(group.toString(), new TreeSet<>()).contains(userId);
            case ConversationId.Broadcast _, ConversationId.Room _ -> true;
            case ConversationId.SystemAccount _ ->
                throw new IllegalStateException("not in this world: " + conversationId);
            case null -> false;
        };
    }

    /** Applies the next event and returns the users whom it goes to by name, those who join or leave with it included. */
    Set<String> recipients(ConversationEvent event) {
        return switch (ConversationId.parse(event.getConversationId())) {
            case ConversationId.Private pair -> inPair(pair, event);
            case ConversationId.Group _ -> event.getSeq() == 0 ? few(event) : all(event);
            case ConversationId.Broadcast _, ConversationId.Room _ -> Set.of(); // none by name
            case ConversationId.SystemAccount _ -> throw new IllegalStateException("not in this world: " + event);
            case null -> throw new IllegalStateException("no conversation: " + event);
        };
    }

    /** A block goes to the user who blocks, a delivery receipt to the other user, other events to both. */
    private Set<String> inPair(ConversationId.Private pair, ConversationEvent event) {
        if (event.hasBlockChanged()) {
            String by = event.getBlockChanged().getBy();
            TreeSet<String> blocking = blockers.computeIfAbsent(pair.toString(), none -> new TreeSet<>());
            if (event.getBlockChanged().getBlocked()) {
                blocking.add(by);
            } else {
                blocking.remove(by);
            }
            return Set.of(by);
        }
        if (event.hasDeliveredAdvanced()) {
            return Set.of(pair.peerOf(event.getDeliveredAdvanced().getUserId()));
        }
        return event.hasMessagesDeleted() ? Set.of(event.getMessagesDeleted().getUserId()) : Set.copyOf(pair.users());
    }

    private static Set<String> few(ConversationEvent event) {
        if (event.hasReadAdvanced()) {
            return Set.of(event.getReadAdvanced().getUserId());
        }
        return event.hasMessagesDeleted() ? Set.of(event.getMessagesDeleted().getUserId()) : Set.of();
    }

    /** The users whom an event of a large group goes to by name. */
    private static Set<String> named(ConversationEvent event) {
        Set<String> named = mentioned(event);
        named.addAll(event.getMessageSent().getMentions().getUserIdsList());
        named.addAll(event.getMembersAdded().getUserIdsList());
        named.addAll(event.getMembersRemoved().getUserIdsList());
        if (event.hasMemberLeft()) {
            named.add(event.getMemberLeft().getUserId());
        }
        if (event.hasRoleChanged()) {
            named.add(event.getRoleChanged().getUserId());
        }
        if (event.hasOwnershipTransferred()) {
            named.add(event.getOwnershipTransferred().getTo());
            if (!event.getOwnershipTransferred().getFrom().isEmpty()) {
                named.add(event.getOwnershipTransferred().getFrom());
            }
        }
        return named;
    }

    boolean isLarge(String conversationId) {
        return large.contains(conversationId);
    }

    /** The users whom an edit or a recall mentions or mentioned. Former members still have the mention in their views. */
    private static Set<String> mentioned(ConversationEvent event) {
        Set<String> mentioned = new TreeSet<>();
        mentioned.addAll(event.getMessageEdited().getMentions().getUserIdsList());
        mentioned.addAll(event.getMessageEdited().getPreviousMentions().getUserIdsList());
        mentioned.addAll(event.getMessageRecalled().getMentions().getUserIdsList());
        return mentioned;
    }

    private Set<String> all(ConversationEvent event) {
        TreeSet<String> ofGroup = members.computeIfAbsent(event.getConversationId(), none -> new TreeSet<>());
        Set<String> recipients = new TreeSet<>(ofGroup);
        ofGroup.addAll(event.getGroupCreated().getMembersList());
        ofGroup.addAll(event.getMembersAdded().getUserIdsList());
        ofGroup.remove(event.getMemberLeft().getUserId());
        event.getMembersRemoved().getUserIdsList().forEach(ofGroup::remove);
        recipients.addAll(ofGroup);
        recipients.addAll(mentioned(event));
        boolean wasLarge = large.contains(event.getConversationId());
        if (event.getGroupCreated().getLarge() || event.getMembersAdded().getBecameLarge()) {
            large.add(event.getConversationId());
        }
        return wasLarge ? named(event) : recipients;
    }
}
