package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.Relation;
import dev.tidings.v1.BlockChanged;
import dev.tidings.v1.FriendAccepted;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.FriendDeclined;
import dev.tidings.v1.FriendRemoved;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemarkChanged;
import org.jspecify.annotations.Nullable;

/**
 * What two users are to each other. Each side keeps what it has said itself; friends they are where both sides say so.
 *
 * <pre>
 * strangers ─request▶ requested ─accept, or a request back▶ friends ─remove▶ strangers
 *                        └─decline▶ strangers
 * </pre>
 *
 * Blocking lies across it: it ends no friendship, and silences both.
 */
final class FriendRules {

    private FriendRules() {}

    static Decision decide(Asked asked, FriendCommand command) {
        if (asked.actor().isEmpty()) {
            return asked.refused(Refusal.Reason.INVALID_USER_ID, "actor must be one of the two");
        }
        Relation mine = asked.self().getRelation();
        Relation theirs = asked.conversation().member(peer(asked)).getRelation();
        return switch (command.getBodyCase()) {
            case REQUEST -> request(asked, mine, theirs, command.getRequest().getNote());
            case ACCEPT -> theirs.getFriendRequested() ? accepted(asked) : withoutRequest(asked, mine);
            case DECLINE ->
                theirs.getFriendRequested()
                        ? asked.happened(asked.aside()
                                .setFriendDeclined(FriendDeclined.newBuilder().setBy(asked.actor())))
                        : new Unchanged();
            case REMOVE ->
                mine.getFriend()
                        ? asked.happened(asked.next()
                                .setFriendRemoved(FriendRemoved.newBuilder().setBy(asked.actor())))
                        : new Unchanged();
            case BLOCK -> block(asked, mine, true);
            case UNBLOCK -> block(asked, mine, false);
            case SET_REMARK -> remark(asked, mine, command.getSetRemark().getRemark());
            case BODY_NOT_SET -> throw new IllegalArgumentException("checked before");
        };
    }

    /** Why these two may not talk now, or null. */
    static @Nullable Refused silence(Asked asked) {
        Relation mine = asked.self().getRelation();
        Relation theirs = asked.conversation().member(peer(asked)).getRelation();
        if (mine.getBlocked()) {
            return asked.refused(Refusal.Reason.BLOCKED, asked.actor() + " has blocked " + peer(asked));
        }
        if (theirs.getBlocked()) {
            return asked.refused(Refusal.Reason.BLOCKED, peer(asked) + " takes no messages from " + asked.actor());
        }
        if (!mine.getFriend() && !asked.rules().policy().strangersMayWrite()) {
            return asked.refused(Refusal.Reason.STRANGER, asked.actor() + " and " + peer(asked) + " are not friends");
        }
        return null;
    }

    private static Decision request(Asked asked, Relation mine, Relation theirs, String note) {
        if (mine.getBlocked() || theirs.getBlocked()) {
            return asked.refused(Refusal.Reason.BLOCKED, "one of the two has blocked the other");
        }
        if (mine.getFriend() || mine.getFriendRequested()) {
            return new Unchanged();
        }
        if (theirs.getFriendRequested()) {
            return accepted(asked);
        }
        ModeratedTexts texts = new ModeratedTexts(asked);
        String shown = texts.text(note);
        Refused refused = texts.refused();
        return refused != null
                ? refused
                : texts.happened(asked.next()
                        .setFriendRequested(FriendRequested.newBuilder()
                                .setBy(asked.actor())
                                .setNote(shown)));
    }

    private static Decision accepted(Asked asked) {
        return asked.happened(
                asked.next().setFriendAccepted(FriendAccepted.newBuilder().setBy(asked.actor())));
    }

    private static Decision withoutRequest(Asked asked, Relation mine) {
        return mine.getFriend()
                ? new Unchanged()
                : asked.refused(Refusal.Reason.REQUEST_NOT_FOUND, peer(asked) + " has not asked to be friends");
    }

    private static Decision block(Asked asked, Relation mine, boolean blocked) {
        return mine.getBlocked() == blocked
                ? new Unchanged()
                : asked.happened(asked.aside()
                        .setBlockChanged(
                                BlockChanged.newBuilder().setBy(asked.actor()).setBlocked(blocked)));
    }

    private static Decision remark(Asked asked, Relation mine, String remark) {
        ModeratedTexts texts = new ModeratedTexts(asked);
        String shown = texts.text(remark);
        Refused refused = texts.refused();
        if (refused != null) {
            return refused;
        }
        return mine.getRemark().equals(shown)
                ? new Unchanged()
                : texts.happened(asked.aside()
                        .setRemarkChanged(
                                RemarkChanged.newBuilder().setBy(asked.actor()).setRemark(shown)));
    }

    private static String peer(Asked asked) {
        if (asked.id() instanceof ConversationId.Private pair) {
            return pair.a().equals(asked.actor()) ? pair.b() : pair.a();
        }
        throw new IllegalStateException("checked before");
    }
}
