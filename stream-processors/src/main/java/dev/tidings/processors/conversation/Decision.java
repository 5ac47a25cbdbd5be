package dev.tidings.processors.conversation;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;

/** What comes of a command. */
public sealed interface Decision {

    /** It happens. */
    record Happened(ConversationEvent event) implements Decision {}

    /** It had happened before; this is the answer of then. */
    record HadHappened(Sequenced answer) implements Decision {}

    /** It is allowed, and changes nothing. */
    record Unchanged() implements Decision {}

    record Refused(Refusal refusal) implements Decision {}
}
