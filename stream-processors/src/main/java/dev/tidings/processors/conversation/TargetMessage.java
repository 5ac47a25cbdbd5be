package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/** Checks the message that a command refers to by its seq: edits, recalls, reactions, pins. */
final class TargetMessage {

    private TargetMessage() {}

    /** Returns a refusal if the entry is no message or was recalled; otherwise null. */
    static @Nullable Refused check(CommandContext context, EntryRecord entry) {
        if (entry.getMessageId().isEmpty()) {
            return context.refused(Refusal.Reason.MESSAGE_NOT_FOUND, "there is no message at this seq");
        }
        return entry.getRecalled()
                ? context.refused(Refusal.Reason.MESSAGE_RECALLED, "the message was recalled")
                : null;
    }

    /** The refusal for a seq without an entry. */
    static Refused missing(CommandContext context, long seq) {
        return seq > context.conversation().head().getLastSeq()
                ? context.refused(Refusal.Reason.MESSAGE_NOT_FOUND, "there is no seq " + seq)
                : context.refused(
                        Refusal.Reason.MESSAGE_TOO_OLD,
                        "seq " + seq + " is older than ten minutes, and than the newest " + RecentEvents.WINDOW
                                + " events");
    }
}
