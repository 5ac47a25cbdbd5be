package dev.tidings.processors.simulation;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who belongs to which conversation, and so hears of what, as the events one after the other say it. */
final class Circles {

    private final Map<String, TreeSet<String>> members = new TreeMap<>();

    boolean belongs(String userId, String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case ConversationId.Private pair -> pair.has(userId);
            case ConversationId.Group group ->
                members.getOrDefault(group.toString(), new TreeSet<>()).contains(userId);
            case ConversationId.Room _, ConversationId.SystemAccount _, ConversationId.Broadcast _ ->
                throw new IllegalStateException("nobody is there: " + conversationId);
            case null -> false;
        };
    }

    /** The next event. Who comes or goes with it hears of it, too. */
    Set<String> hear(ConversationEvent event) {
        return switch (ConversationId.parse(event.getConversationId())) {
            case ConversationId.Private pair ->
                event.hasMessagesDeleted() ? Set.of(event.getMessagesDeleted().getUserId()) : Set.copyOf(pair.users());
            case ConversationId.Group _ -> event.getSeq() == 0 ? few(event) : all(event);
            case ConversationId.Room _, ConversationId.SystemAccount _, ConversationId.Broadcast _ ->
                throw new IllegalStateException("nobody is there: " + event);
            case null -> throw new IllegalStateException("no conversation: " + event);
        };
    }

    private static Set<String> few(ConversationEvent event) {
        if (event.hasReadAdvanced()) {
            return Set.of(event.getReadAdvanced().getUserId());
        }
        return event.hasMessagesDeleted() ? Set.of(event.getMessagesDeleted().getUserId()) : Set.of();
    }

    private Set<String> all(ConversationEvent event) {
        TreeSet<String> circle = members.computeIfAbsent(event.getConversationId(), none -> new TreeSet<>());
        Set<String> hearing = new TreeSet<>(circle);
        circle.addAll(event.getGroupCreated().getMembersList());
        circle.addAll(event.getMembersAdded().getUserIdsList());
        circle.remove(event.getMemberLeft().getUserId());
        event.getMembersRemoved().getUserIdsList().forEach(circle::remove);
        hearing.addAll(circle);
        return hearing;
    }
}
