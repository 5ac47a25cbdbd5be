package dev.tidings.processors.conversation;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Role;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The recipients of an event. Determined before the event is applied, so that a member who leaves is still a recipient.
 *
 * @param users users who receive the event through their inboxes, ascending
 * @param subscribers whether the gateways that are subscribed to the conversation receive the event
 * @param everyone whether the inboxes of all users receive the event; no users are named then
 * @param large whether the conversation is large from this event on, so that members follow it through their gateways
 */
record Audience(TreeSet<String> users, boolean subscribers, boolean everyone, boolean large) {

    static Audience of(Conversation conversation, ConversationEvent event) {
        EventFacts facts = EventFacts.of(event);
        ConversationId id = ConversationId.parse(event.getConversationId());
        return switch (id) {
            case ConversationId.Private pair -> ofUsers(inPrivate(pair, event, facts));
            case ConversationId.SystemAccount account -> ofUsers(List.of(account.id()));
            case ConversationId.Group group -> inGroup(conversation, event, facts);
            case ConversationId.Room room -> new Audience(new TreeSet<>(), true, false, false);
            case ConversationId.Broadcast broadcast ->
                !EventFacts.isSequenced(event)
                        ? ofUsers(facts.users())
                        : new Audience(new TreeSet<>(), false, true, false);
            case null ->
                throw new IllegalArgumentException("\"" + event.getConversationId() + "\" is not a conversation id");
        };
    }

    /**
     * Whether the event changes the state that all members of a large group share. Such an event goes to every inbox partition
     * once, without naming members.
     */
    boolean sharedByMembers(ConversationEvent event) {
        boolean shared = event.hasGroupUpdated()
                || event.hasGroupDissolved()
                || event.hasAllMuted()
                || event.hasMessageRecalled()
                || event.hasMessageEdited();
        return large && subscribers && EventFacts.isSequenced(event) && shared;
    }

    private static Audience ofUsers(Collection<String> userIds) {
        return new Audience(new TreeSet<>(userIds), false, false, false);
    }

    private static Collection<String> inPrivate(
            ConversationId.Private pair, ConversationEvent event, EventFacts facts) {
        if (event.hasTypingStarted() || event.hasDeliveredAdvanced()) {
            return List.of(pair.peerOf(facts.author()));
        }
        return facts.personal() ? facts.users() : pair.users();
    }

    private static Audience inGroup(Conversation conversation, ConversationEvent event, EventFacts facts) {
        boolean large = conversation.head().getLarge();
        if (event.hasTypingStarted()) {
            TreeSet<String> others = large ? new TreeSet<>() : members(conversation);
            others.remove(event.getTypingStarted().getUserId());
            return new Audience(others, large, false, large);
        }
        if (!EventFacts.isSequenced(event)) {
            return new Audience(ofUnsequenced(conversation, event, facts), false, false, large);
        }
        if (large) {
            return new Audience(new TreeSet<>(facts.users()), true, false, true);
        }
        TreeSet<String> all = members(conversation);
        all.addAll(facts.users());
        boolean becomesLarge = event.getMembersAdded().getBecameLarge()
                || event.getGroupCreated().getLarge();
        return new Audience(all, false, false, becomesLarge);
    }

    /** The users whom the event names. Join requests go to the owner and admins, too. */
    private static TreeSet<String> ofUnsequenced(Conversation conversation, ConversationEvent event, EventFacts facts) {
        TreeSet<String> users = new TreeSet<>(facts.users());
        if (event.hasJoinRequested() || event.hasJoinDeclined()) {
            users.addAll(conversation.group().getAdminsList());
            if (!conversation.group().getOwner().isEmpty()) {
                users.add(conversation.group().getOwner());
            }
        }
        return users;
    }

    private static TreeSet<String> members(Conversation conversation) {
        TreeSet<String> members = new TreeSet<>();
        conversation.visitMembers("", (userId, member) -> {
            if (member.getRole() != Role.ROLE_UNSPECIFIED) {
                members.add(userId);
            }
            return true;
        });
        return members;
    }
}
