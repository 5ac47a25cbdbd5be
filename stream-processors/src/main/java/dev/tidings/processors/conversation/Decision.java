package dev.tidings.processors.conversation;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import org.jspecify.annotations.Nullable;

/** The outcome of a command. */
public sealed interface Decision {

    /**
     * The command leads to an event.
     *
     * @param moderationCase a finding for moderators to review, or null
     */
    record Accepted(ConversationEvent event, @Nullable ModerationCase moderationCase) implements Decision {
        public Accepted(ConversationEvent event) {
            this(event, null);
        }
    }

    /**
     * The command was accepted before, under the same name.
     *
     * @param answer the answer that it got then
     */
    record Duplicate(Sequenced answer) implements Decision {}

    /** The command is allowed and changes nothing. */
    record Unchanged() implements Decision {}

    /** The command asked for a description of a group. */
    record Described(GroupDescription description) implements Decision {}

    /** The command asked for the receipts of messages. */
    record Counted(Receipts receipts) implements Decision {}

    /** The command asked for the newest position of the conversation. */
    record HeadRead(HeadNotice head) implements Decision {}

    record Refused(Refusal refusal) implements Decision {}
}
