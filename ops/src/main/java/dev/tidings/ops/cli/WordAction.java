package dev.tidings.ops.cli;

import dev.tidings.v1.ModerationAction;

/** The action for messages that contain a word. */
enum WordAction {
    FLAG(ModerationAction.FLAG, "flagged"),
    MASK(ModerationAction.MASK, "masked"),
    REFUSE(ModerationAction.REFUSE, "refused");

    private final ModerationAction action;
    private final String participle;

    WordAction(ModerationAction action, String participle) {
        this.action = action;
        this.participle = participle;
    }

    ModerationAction action() {
        return action;
    }

    /** Such as "refused". */
    String participle() {
        return participle;
    }
}
