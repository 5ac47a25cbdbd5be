package dev.tidings.gateway.history;

import dev.tidings.v1.ConversationEvent;
import java.util.List;

/**
 * What a layer knows of how messages were changed.
 *
 * @param events edits and recalls, in any order; there may be several of one message
 * @param all whether there are no others that history holds
 */
record KnownChanges(List<ConversationEvent> events, boolean all) {

    static final KnownChanges NOTHING = new KnownChanges(List.of(), false);

    KnownChanges {
        events = List.copyOf(events);
    }
}
