package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.React;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What others do about a message: reacting to it, and pinning it where all can see it. */
final class ResponseRules {

    static final int MAX_REACTIONS = 20;
    static final int MAX_PINS = 50;

    private ResponseRules() {}

    static Decision react(Asked asked, React react) {
        if (asked.actor().isEmpty()) {
            return asked.refused(Refusal.Reason.INVALID_USER_ID, "actor must say who reacts");
        }
        EntryRecord entry = asked.conversation().entry(react.getSeq());
        if (entry == null) {
            return Target.missing(asked, react.getSeq());
        }
        Refused objection = objection(asked, entry, react);
        if (objection != null) {
            return objection;
        }
        List<String> before =
                asked.conversation().reactions(react.getSeq(), asked.actor()).getReactionsList();
        boolean there = before.contains(react.getReaction());
        if (there != react.getRemove()) {
            return new Unchanged();
        }
        if (!react.getRemove() && before.size() >= MAX_REACTIONS) {
            return asked.refused(
                    Refusal.Reason.TOO_MANY, "at most " + MAX_REACTIONS + " reactions of one user to one message");
        }
        ModeratedTexts texts = new ModeratedTexts(asked);
        if (!react.getRemove() && !texts.text(react.getReaction()).equals(react.getReaction())) {
            return asked.refused(Refusal.Reason.CONTENT_REFUSED, "the rules do not allow this reaction");
        }
        Refused refused = react.getRemove() ? null : texts.refused();
        if (refused != null) {
            return refused;
        }
        return texts.happened(asked.next()
                .setReactionChanged(ReactionChanged.newBuilder()
                        .setSeq(react.getSeq())
                        .setUserId(asked.actor())
                        .setReaction(react.getReaction())
                        .setRemoved(react.getRemove())));
    }

    static Decision pin(Asked asked, PinMessage pin) {
        if (!(asked.id() instanceof ConversationId.Private) && !asked.isAdmin()) {
            return GroupRules.onlyAdmins(asked);
        }
        GroupRecord shared = asked.conversation().group();
        boolean pinned = shared.getPinnedSeqsList().contains(pin.getSeq());
        if (pinned != pin.getUnpin()) {
            return new Unchanged();
        }
        Refused objection = pin.getUnpin() ? null : objection(asked, shared, pin.getSeq());
        return objection != null
                ? objection
                : asked.happened(asked.next()
                        .setPinChanged(PinChanged.newBuilder()
                                .setSeq(pin.getSeq())
                                .setBy(asked.actor())
                                .setUnpinned(pin.getUnpin())));
    }

    /** To take a reaction back, one need not be allowed to speak. */
    private static @Nullable Refused objection(Asked asked, EntryRecord entry, React react) {
        Refused flaw = Target.flaw(asked, entry);
        return flaw != null || react.getRemove() ? flaw : Speaking.silence(asked);
    }

    private static @Nullable Refused objection(Asked asked, GroupRecord shared, long seq) {
        EntryRecord entry = asked.conversation().entry(seq);
        Refused flaw = entry == null ? Target.missing(asked, seq) : Target.flaw(asked, entry);
        if (flaw != null) {
            return flaw;
        }
        return shared.getPinnedSeqsCount() < MAX_PINS
                ? null
                : asked.refused(Refusal.Reason.TOO_MANY, "at most " + MAX_PINS + " messages are pinned at once");
    }
}
