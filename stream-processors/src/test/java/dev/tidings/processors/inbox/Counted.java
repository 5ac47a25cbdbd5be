package dev.tidings.processors.inbox;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.view.UnreadCounts;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationView;

/** Reads counts and previews of a view at a time at which nothing has expired yet. */
final class Counted {

    private static final Timestamp BEFORE_ANYTHING_EXPIRES = Timestamp.getDefaultInstance();

    private Counted() {}

    static long messages(ViewRecord view) {
        return UnreadCounts.messages(view, BEFORE_ANYTHING_EXPIRES);
    }

    static long mentions(ViewRecord view) {
        return UnreadCounts.mentions(view, BEFORE_ANYTHING_EXPIRES);
    }

    static long inBadge(ViewRecord view) {
        return UnreadCounts.inBadge(view, BEFORE_ANYTHING_EXPIRES);
    }

    static ConversationView shown(String conversationId, ViewRecord view) {
        return ViewDecider.shown(conversationId, view, BEFORE_ANYTHING_EXPIRES);
    }
}
