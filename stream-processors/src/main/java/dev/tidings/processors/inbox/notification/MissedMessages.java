package dev.tidings.processors.inbox.notification;

import com.google.protobuf.util.Timestamps;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.MissedConversation;
import dev.tidings.v1.NotifyOfMissed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the conversations whose last messages a user without a session is notified of. Pure function. */
public final class MissedMessages {

    /**
     * The largest number of conversations that a user is notified of at once; those with the newest messages are kept.
     */
    public static final int MAX_FOUND = 100;

    private static final Comparator<MissedConversation> NEWEST_FIRST = Comparator.comparing(
                    MissedConversation::getSentAt, Timestamps.comparator())
            .reversed()
            .thenComparing(MissedConversation::getConversationId);

    private MissedMessages() {}

    /** Adds a conversation, newest first; drops the oldest beyond {@link #MAX_FOUND}. */
    public static void add(NotifyOfMissed.Builder missed, String conversationId, ViewRecord view) {
        List<MissedConversation> found = new ArrayList<>(missed.getFoundList());
        found.add(MissedConversation.newBuilder()
                .setConversationId(conversationId)
                .setSentAt(view.getLastMessage().getSentAt())
                .build());
        found.sort(NEWEST_FIRST);
        missed.clearFound().addAllFound(found.subList(0, Math.min(found.size(), MAX_FOUND)));
    }
}
