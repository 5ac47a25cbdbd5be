package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/** The message that something is to be done about. */
final class Target {

    private Target() {}

    /** Why the entry is no message that something can be done about, or null. */
    static @Nullable Refused flaw(Asked asked, EntryRecord entry) {
        if (entry.getMessageId().isEmpty()) {
            return asked.refused(Refusal.Reason.MESSAGE_NOT_FOUND, "there is no message at this seq");
        }
        return entry.getRecalled() ? asked.refused(Refusal.Reason.MESSAGE_RECALLED, "the message was recalled") : null;
    }

    /** There is no entry at this seq. */
    static Refused missing(Asked asked, long seq) {
        return seq > asked.conversation().head().getLastSeq()
                ? asked.refused(Refusal.Reason.MESSAGE_NOT_FOUND, "there is no seq " + seq)
                : asked.refused(
                        Refusal.Reason.MESSAGE_TOO_OLD,
                        "seq " + seq + " is older than ten minutes, and than the newest " + ConversationDecider.WINDOW
                                + " events");
    }
}
