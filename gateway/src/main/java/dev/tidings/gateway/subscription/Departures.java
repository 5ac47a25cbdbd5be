package dev.tidings.gateway.subscription;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.v1.ConversationEvent;
import java.util.Set;

/**
 * The members that an event removes from a conversation. Their subscriptions end.
 *
 * @param everyone the conversation is dissolved; {@code userIds} is empty then
 */
record Departures(boolean everyone, Set<String> userIds) {

    static Departures of(ConversationEvent event) {
        return new Departures(
                event.hasGroupDissolved(), Set.copyOf(EventFacts.of(event).departedUsers()));
    }

    boolean include(String userId) {
        return everyone || userIds.contains(userId);
    }
}
