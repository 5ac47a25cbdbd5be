package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.Relation;
import dev.tidings.v1.BlockChanged;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.FriendAccepted;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.FriendDeclined;
import dev.tidings.v1.FriendRemoved;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemarkChanged;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The relation of the two users of a private conversation: friends, blocks and remarks. Each user's record holds their own side.
 *
 * <pre>
 * strangers ─request▶ requested ─accept, or a request back▶ friends ─remove▶ strangers
 *                        └─decline▶ strangers
 * </pre>
 *
 * A block is independent of friendship. It does not end the friendship, and neither user may post while it lasts.
 */
final class FriendRules {

    private FriendRules() {}

    static Decision decide(CommandContext context, FriendCommand command) {
        if (context.actor().isEmpty()) {
            return context.refused(
                    Refusal.Reason.INVALID_USER_ID, "actor must be one of the two users of the conversation");
        }
        Relation mine = context.actorMember().getRelation();
        Relation theirs = context.conversation().member(peer(context)).getRelation();
        return switch (command.getBodyCase()) {
            case REQUEST -> request(context, mine, theirs, command.getRequest().getNote());
            case ACCEPT -> theirs.getFriendRequested() ? accept(context) : acceptWithoutRequest(context, mine);
            case DECLINE ->
                theirs.getFriendRequested()
                        ? context.accepted(context.unsequencedEvent()
                                .setFriendDeclined(FriendDeclined.newBuilder().setBy(context.actor())))
                        : new Unchanged();
            case REMOVE ->
                mine.getFriend()
                        ? context.accepted(context.nextEvent()
                                .setFriendRemoved(FriendRemoved.newBuilder().setBy(context.actor())))
                        : new Unchanged();
            case BLOCK -> block(context, mine, true);
            case UNBLOCK -> block(context, mine, false);
            case SET_REMARK -> remark(context, mine, command.getSetRemark().getRemark());
            case BODY_NOT_SET -> throw new IllegalArgumentException("the friend command has no body");
        };
    }

    /** Returns a refusal if the actor may not post to the other user; otherwise null. */
    static @Nullable Refused checkPosting(CommandContext context) {
        Relation mine = context.actorMember().getRelation();
        Relation theirs = context.conversation().member(peer(context)).getRelation();
        if (mine.getBlocked()) {
            return context.refused(Refusal.Reason.BLOCKED, context.actor() + " has blocked " + peer(context));
        }
        if (theirs.getBlocked()) {
            return context.refused(
                    Refusal.Reason.BLOCKED, peer(context) + " does not accept messages from " + context.actor());
        }
        if (!mine.getFriend() && !context.rules().policy().strangersMayWrite()) {
            return context.refused(
                    Refusal.Reason.STRANGER, context.actor() + " and " + peer(context) + " are not friends");
        }
        return null;
    }

    private static Decision request(CommandContext context, Relation mine, Relation theirs, String note) {
        if (mine.getBlocked() || theirs.getBlocked()) {
            return context.refused(Refusal.Reason.BLOCKED, "one of the two has blocked the other");
        }
        if (mine.getFriend() || mine.getFriendRequested()) {
            return new Unchanged();
        }
        if (theirs.getFriendRequested()) {
            return accept(context);
        }
        ModeratedTexts texts = new ModeratedTexts(context);
        String shown = texts.text(note);
        Refused refused = texts.refused();
        return refused != null
                ? refused
                : texts.accepted(context.nextEvent()
                        .setFriendRequested(FriendRequested.newBuilder()
                                .setBy(context.actor())
                                .setNote(shown)));
    }

    private static Decision accept(CommandContext context) {
        return context.accepted(context.nextEvent()
                .setFriendAccepted(FriendAccepted.newBuilder().setBy(context.actor())));
    }

    private static Decision acceptWithoutRequest(CommandContext context, Relation mine) {
        return mine.getFriend()
                ? new Unchanged()
                : context.refused(Refusal.Reason.REQUEST_NOT_FOUND, peer(context) + " has no pending friend request");
    }

    private static Decision block(CommandContext context, Relation mine, boolean blocked) {
        return mine.getBlocked() == blocked
                ? new Unchanged()
                : context.accepted(context.unsequencedEvent()
                        .setBlockChanged(
                                BlockChanged.newBuilder().setBy(context.actor()).setBlocked(blocked)));
    }

    private static Decision remark(CommandContext context, Relation mine, String remark) {
        ModeratedTexts texts = new ModeratedTexts(context);
        String shown = texts.text(remark);
        Refused refused = texts.refused();
        if (refused != null) {
            return refused;
        }
        return mine.getRemark().equals(shown)
                ? new Unchanged()
                : texts.accepted(context.unsequencedEvent()
                        .setRemarkChanged(RemarkChanged.newBuilder()
                                .setBy(context.actor())
                                .setRemark(shown)));
    }

    static void applyRequested(Conversation.Mutable conversation, ConversationEvent event) {
        changeRelation(conversation, event.getFriendRequested().getBy(), relation -> relation.setFriendRequested(true));
    }

    static void applyAccepted(Conversation.Mutable conversation, ConversationEvent event) {
        changeBothRelations(
                conversation, event, relation -> relation.setFriend(true).clearFriendRequested());
    }

    static void applyDeclined(Conversation.Mutable conversation, ConversationEvent event) {
        changeBothRelations(conversation, event, Relation.Builder::clearFriendRequested);
    }

    static void applyRemoved(Conversation.Mutable conversation, ConversationEvent event) {
        changeBothRelations(
                conversation, event, relation -> relation.clearFriend().clearFriendRequested());
    }

    static void applyBlockChanged(Conversation.Mutable conversation, ConversationEvent event) {
        BlockChanged changed = event.getBlockChanged();
        changeRelation(conversation, changed.getBy(), relation -> relation.setBlocked(changed.getBlocked()));
    }

    static void applyRemarkChanged(Conversation.Mutable conversation, ConversationEvent event) {
        RemarkChanged changed = event.getRemarkChanged();
        changeRelation(conversation, changed.getBy(), relation -> relation.setRemark(changed.getRemark()));
    }

    private static void changeRelation(
            Conversation.Mutable conversation, String userId, UnaryOperator<Relation.Builder> change) {
        conversation.changeMember(userId, member -> member.setRelation(change.apply(member.getRelation().toBuilder())));
    }

    private static void changeBothRelations(
            Conversation.Mutable conversation, ConversationEvent event, UnaryOperator<Relation.Builder> change) {
        if (ConversationId.parse(event.getConversationId()) instanceof ConversationId.Private pair) {
            pair.users().forEach(userId -> changeRelation(conversation, userId, change));
        }
    }

    private static String peer(CommandContext context) {
        if (context.id() instanceof ConversationId.Private pair) {
            return pair.peerOf(context.actor());
        }
        throw new IllegalStateException(context.id() + " is not private");
    }
}
