package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.ReactionsRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.React;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds a user's reactions to a message, and removes them. */
final class ReactionRules {

    static final int MAX_REACTIONS = 20;

    private ReactionRules() {}

    static Decision react(CommandContext context, React react) {
        if (context.actor().isEmpty()) {
            return context.refused(Refusal.Reason.INVALID_USER_ID, "actor must name the user who reacts");
        }
        EntryRecord entry = context.conversation().entry(react.getSeq());
        if (entry == null) {
            return TargetMessage.missing(context, react.getSeq());
        }
        Refused refused = check(context, entry, react);
        if (refused != null) {
            return refused;
        }
        List<String> before = context.conversation()
                .reactions(react.getSeq(), context.actor())
                .getReactionsList();
        boolean there = before.contains(react.getReaction());
        if (there != react.getRemove()) {
            return new Unchanged();
        }
        if (!react.getRemove() && before.size() >= MAX_REACTIONS) {
            return context.refused(
                    Refusal.Reason.TOO_MANY,
                    "the message has " + MAX_REACTIONS + " reactions of " + context.actor() + "; no more are allowed");
        }
        ModeratedTexts texts = new ModeratedTexts(context);
        if (!react.getRemove() && !texts.text(react.getReaction()).equals(react.getReaction())) {
            return context.refused(Refusal.Reason.CONTENT_REFUSED, "the rules do not allow this reaction");
        }
        Refused moderated = react.getRemove() ? null : texts.refused();
        if (moderated != null) {
            return moderated;
        }
        return texts.accepted(context.nextEvent()
                .setReactionChanged(ReactionChanged.newBuilder()
                        .setSeq(react.getSeq())
                        .setUserId(context.actor())
                        .setReaction(react.getReaction())
                        .setRemoved(react.getRemove())));
    }

    static void applyChanged(Conversation.Mutable conversation, ConversationEvent event) {
        ReactionChanged changed = event.getReactionChanged();
        List<String> reactions = new ArrayList<>(
                conversation.reactions(changed.getSeq(), changed.getUserId()).getReactionsList());
        if (changed.getRemoved()) {
            reactions.remove(changed.getReaction());
        } else {
            reactions.add(changed.getReaction());
        }
        conversation.putReactions(
                changed.getSeq(),
                changed.getUserId(),
                ReactionsRecord.newBuilder().addAllReactions(reactions).build());
        EntryRecord entry = conversation.entry(changed.getSeq());
        if (entry != null && !entry.getReacted()) {
            conversation.updateEntry(
                    changed.getSeq(), entry.toBuilder().setReacted(true).build());
        }
    }

    /** A muted user may still remove a reaction. */
    private static @Nullable Refused check(CommandContext context, EntryRecord entry, React react) {
        Refused refused = TargetMessage.check(context, entry);
        return refused != null || react.getRemove() ? refused : PostingRules.check(context);
    }
}
