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
    /** By private conversation: who of the two has blocked the other. */
    private final Map<String, TreeSet<String>> blockers = new TreeMap<>();

    /** Whether one of the two has blocked the other: then neither says anything. */
    boolean isSilenced(String conversationId) {
        return !blockers.getOrDefault(conversationId, new TreeSet<>()).isEmpty();
    }

    boolean belongs(String userId, String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case ConversationId.Private pair -> pair.has(userId);
            case ConversationId.Group group ->
                members.getOrDefault(group.toString(), new TreeSet<>()).contains(userId);
            case ConversationId.Broadcast _ -> true;
            case ConversationId.Room _, ConversationId.SystemAccount _ ->
                throw new IllegalStateException("nobody is there: " + conversationId);
            case null -> false;
        };
    }

    /** The next event. Who comes or goes with it hears of it, too. */
    Set<String> hear(ConversationEvent event) {
        return switch (ConversationId.parse(event.getConversationId())) {
            case ConversationId.Private pair -> inPair(pair, event);
            case ConversationId.Group _ -> event.getSeq() == 0 ? few(event) : all(event);
            case ConversationId.Broadcast _ -> Set.of(); // all, and so none by name
            case ConversationId.Room _, ConversationId.SystemAccount _ ->
                throw new IllegalStateException("nobody is there: " + event);
            case null -> throw new IllegalStateException("no conversation: " + event);
        };
    }

    /** Of a block only the one who did it. */
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
        return event.hasMessagesDeleted() ? Set.of(event.getMessagesDeleted().getUserId()) : Set.copyOf(pair.users());
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
