package dev.tidings.processors.inbox;

import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import java.util.List;

/** Applies events to a user's view, with a version for every change, as the topology does. */
final class Viewed {

    private Viewed() {}

    static ViewRecord by(String userId, ConversationEvent... events) {
        return by(userId, List.of(events));
    }

    static ViewRecord by(String userId, List<ConversationEvent> events) {
        ViewRecord view = ViewRecord.getDefaultInstance();
        for (ConversationEvent event : events) {
            view = after(view, userId, event);
        }
        return view;
    }

    static ViewRecord after(ViewRecord view, String userId, ConversationEvent event) {
        return ViewDecider.apply(view, userId, record(event), view.getVersion() + 1);
    }

    static InboxRecord record(ConversationEvent event) {
        return InboxRecord.newBuilder().setEvent(event).build();
    }
}
