package dev.tidings.gateway.follow;

import dev.tidings.schemas.event.EventFacts;
import dev.tidings.v1.ConversationEvent;
import java.util.Set;

/** Who no longer belongs to a conversation after an event, and so no longer follows it. */
record Departures(boolean everyone, Set<String> userIds) {

    static Departures of(ConversationEvent event) {
        return new Departures(
                event.hasGroupDissolved(), Set.copyOf(EventFacts.of(event).departedUsers()));
    }

    boolean include(String userId) {
        return everyone || userIds.contains(userId);
    }
}
