package dev.tidings.processors.conversation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.TypingStarted;
import org.jspecify.annotations.Nullable;

/** Decides whether a sender may post now: mutes and blocks. Rate limits are in {@link SendRates}. */
final class PostingRules {

    private PostingRules() {}

    /** Returns a refusal if the actor may not post now; otherwise null. */
    static @Nullable Refused check(CommandContext context) {
        if (context.asSystem()) {
            return null;
        }
        return switch (context.id()) {
            case ConversationId.Private pair -> FriendRules.checkPosting(context);
            case ConversationId.Group group -> checkMutes(context);
            case ConversationId.Room room -> checkMutes(context);
            case ConversationId.SystemAccount account -> null;
            case ConversationId.Broadcast broadcast -> null;
        };
    }

    /** Typing is an event outside the sequence. It is delivered and changes no state. */
    static Decision type(CommandContext context) {
        Refused refused = check(context);
        return refused != null
                ? refused
                : context.accepted(context.unsequencedEvent()
                        .setTypingStarted(TypingStarted.newBuilder().setUserId(context.actor())));
    }

    private static @Nullable Refused checkMutes(CommandContext context) {
        MemberRecord member = context.actorMember();
        if (member.hasMutedUntil() && context.isFuture(member.getMutedUntil())) {
            return context.refused(
                    Refusal.Reason.MUTED,
                    context.actor() + " is muted until " + Timestamps.toString(member.getMutedUntil()));
        }
        return context.conversation().group().getAllMuted() && !context.isAdmin()
                ? context.refused(Refusal.Reason.MUTED, "all members except the owner and admins are muted")
                : null;
    }
}
