package dev.tidings.processors.conversation;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import org.jspecify.annotations.Nullable;

/** What comes of a command. */
public sealed interface Decision {

    /**
     * It happens.
     *
     * @param flagged what somebody should look at, or null
     */
    record Happened(ConversationEvent event, @Nullable ModerationCase flagged) implements Decision {
        public Happened(ConversationEvent event) {
            this(event, null);
        }
    }

    /** It had happened before; this is the answer of then. */
    record HadHappened(Sequenced answer) implements Decision {}

    /** It is allowed, and changes nothing. */
    record Unchanged() implements Decision {}

    /** It was a question about a group. */
    record Described(GroupDescription description) implements Decision {}

    /** It was a question about receipts. */
    record Counted(Receipts receipts) implements Decision {}

    record Refused(Refusal refusal) implements Decision {}
}
