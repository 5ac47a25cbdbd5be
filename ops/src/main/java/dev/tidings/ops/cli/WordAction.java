package dev.tidings.ops.cli;

import dev.tidings.v1.ModerationAction;

/** What can be done about a message with a word in it. */
enum WordAction {
    FLAG(ModerationAction.FLAG, "flagged"),
    MASK(ModerationAction.MASK, "masked"),
    REFUSE(ModerationAction.REFUSE, "refused");

    private final ModerationAction inRules;
    private final String participle;

    WordAction(ModerationAction inRules, String participle) {
        this.inRules = inRules;
        this.participle = participle;
    }

    ModerationAction inRules() {
        return inRules;
    }

    /** Such as "refused". */
    String participle() {
        return participle;
    }
}
