package dev.tidings.processors.inbox.view;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.notification.NotifiableMessages;
import dev.tidings.processors.store.SeqRanges;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessagesDeleted;
import dev.tidings.v1.ReadAdvanced;

/**
 * Decides how an event changes the view of a user. Pure functions. Parts of the decision have classes of their own:
 * {@link UnreadCounts}, {@link Previews}, {@link Membership} and {@link Relations}.
 */
public final class ViewDecider {

    /**
     * The largest number of ranges of messages deleted by the user; beyond it, the ranges with the lowest seqs are
     * dropped, and their messages show again.
     */
    public static final int MAX_DELETED_RANGES = 1_000;

    private ViewDecider() {}

    /**
     * Returns the view after an event, or the same instance if the event was applied before. Sequenced events are
     * recognized by their seq. For unsequenced ones, positions and ranges are merged; otherwise an older event does not
     * override a newer one.
     *
     * @param inbox the event, and whether its conversation is large
     * @param version given to the view if it changes
     * @throws IllegalArgumentException if the event has no body
     */
    public static ViewRecord apply(ViewRecord view, String userId, InboxRecord inbox, long version) {
        ConversationEvent event = inbox.getEvent();
        boolean sequenced = event.getSeq() > 0;
        if (sequenced && event.getSeq() <= view.getLastSeq()) {
            return view;
        }
        ViewRecord.Builder next = view.toBuilder();
        if (sequenced) {
            next.setLastSeq(event.getSeq())
                    .setLastIndex(Math.max(view.getLastIndex(), event.getMessageIndex()))
                    .setLarge(view.getLarge() || inbox.getLarge());
        }
        take(next, userId, event);
        if (event.getDeliveredSeq() > 0) {
            delivered(next, userId, EventFacts.of(event).author(), event.getDeliveredSeq());
        }
        UnreadCounts.forgetWhatCounted(next);
        if (!sequenced && next.build().equals(view)) {
            return view;
        }
        return next.setVersion(version).setUpdatedAt(event.getSentAt()).build();
    }

    /**
     * Returns the view in the form that clients receive.
     *
     * @param at the time in the log; messages expired by then are not shown
     */
    public static ConversationView shown(String conversationId, ViewRecord view, Timestamp at) {
        ConversationView.Builder shown = ConversationView.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(view.getLastSeq())
                .setUnread(UnreadCounts.messages(view, at))
                .setReadSeq(view.getReadSeq())
                .setPeerReadSeq(view.getPeerReadSeq())
                .setVersion(view.getVersion())
                .setUpdatedAt(view.getUpdatedAt())
                .setLarge(view.getLarge())
                .setCountedIndex(UnreadCounts.countedIndex(view))
                .setUnreadMentions(UnreadCounts.mentions(view, at))
                .setPeerDeliveredSeq(view.getPeerDeliveredSeq())
                .setPinned(view.getPinned())
                .setMuted(view.getMuted())
                .setHidden(view.getHidden())
                .setDraft(view.getDraft())
                .setCustom(view.getCustom())
                .setUnfollowed(view.getUnfollowed())
                .addAllDeleted(view.getDeletedList());
        if (Previews.isShown(view, at)) {
            shown.setLastMessage(view.getLastMessage());
        }
        if (view.hasGroup()) {
            shown.setGroup(view.getGroup());
        }
        if (view.hasRelation()) {
            shown.setRelation(view.getRelation());
        }
        return shown.build();
    }

    private static void take(ViewRecord.Builder view, String userId, ConversationEvent event) {
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> {
                view.clearHidden();
                sent(view, userId, event);
            }
            case MESSAGE_EDITED -> {
                preview(view, event);
                MentionRules.edit(view, userId, event.getMessageEdited());
            }
            case MESSAGE_RECALLED -> {
                preview(view, event);
                UnreadCounts.recall(view, event.getMessageRecalled());
            }
            case READ_ADVANCED -> read(view, userId, event.getReadAdvanced());
            case MESSAGES_DELETED -> deleted(view, userId, event.getMessagesDeleted());
            case GROUP_CREATED -> Membership.created(view, userId, event);
            case GROUP_UPDATED ->
                view.getGroupBuilder().setProfile(event.getGroupUpdated().getProfile());
            case MEMBERS_ADDED -> Membership.added(view, userId, event);
            case MEMBER_LEFT -> Membership.left(view, userId, event);
            case MEMBERS_REMOVED -> Membership.removed(view, userId, event);
            case ROLE_CHANGED -> Membership.changeRole(view, userId, event.getRoleChanged());
            case OWNERSHIP_TRANSFERRED -> Membership.transfer(view, userId, event.getOwnershipTransferred());
            case GROUP_DISSOLVED -> view.getGroupBuilder().setDissolved(true);
            case FRIEND_REQUESTED, FRIEND_ACCEPTED, FRIEND_REMOVED ->
                view.setRelation(Relations.after(view.getRelation(), userId, event));
            case FRIEND_DECLINED, BLOCK_CHANGED, REMARK_CHANGED -> {
                if (isNews(view, event)) {
                    view.setRelation(Relations.after(view.getRelation(), userId, event));
                }
            }
            case ALL_MUTED -> {
                if (view.hasGroup()) {
                    view.getGroupBuilder().setAllMuted(event.getAllMuted().getMuted());
                }
            }
            // devices read these from the conversation; the view only gets a new version
            case REACTION_CHANGED, PIN_CHANGED, MEMBER_MUTED, JOIN_REQUESTED, JOIN_DECLINED -> {}
            case DELIVERED_ADVANCED ->
                delivered(
                        view,
                        userId,
                        event.getDeliveredAdvanced().getUserId(),
                        event.getDeliveredAdvanced().getDeliveredSeq());
            case TYPING_STARTED -> {
                // only for open sessions
            }
            case BODY_NOT_SET -> throw new IllegalArgumentException("event has no body");
        }
    }

    private static void sent(ViewRecord.Builder view, String userId, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        preview(view, event);
        if (event.getSeq() > 0) {
            NotifiableMessages.of(userId, sent).ifPresentOrElse(view::setNotable, view::clearNotable);
        }
        if (sent.getSender().equals(userId)) {
            view.setOwnIndex(Math.max(view.getOwnIndex(), event.getMessageIndex()));
            Invitations.accept(view);
            return;
        }
        UnreadCounts.expire(view, event.getMessageIndex(), sent);
        if (MentionRules.isCountedMention(userId, sent)) {
            UnreadCounts.mention(view, event.getMessageIndex());
        }
    }

    private static void preview(ViewRecord.Builder view, ConversationEvent event) {
        MessagePreview last = Previews.after(view.getLastMessage(), event);
        if (last.getSeq() > 0) {
            view.setLastMessage(last);
            Previews.forget(view);
        }
    }

    /** @param receiver the user whose devices have received all events up to {@code seq} */
    private static void delivered(ViewRecord.Builder view, String userId, String receiver, long seq) {
        if (!receiver.equals(userId)) {
            view.setPeerDeliveredSeq(Math.max(view.getPeerDeliveredSeq(), seq));
        }
    }

    private static void read(ViewRecord.Builder view, String userId, ReadAdvanced read) {
        if (read.getUserId().equals(userId)) {
            view.setReadSeq(Math.max(view.getReadSeq(), read.getReadSeq()))
                    .setReadIndex(Math.max(view.getReadIndex(), read.getReadIndex()));
        } else {
            view.setPeerReadSeq(Math.max(view.getPeerReadSeq(), read.getReadSeq()));
            delivered(view, userId, read.getUserId(), read.getReadSeq());
        }
    }

    private static void deleted(ViewRecord.Builder view, String userId, MessagesDeleted deleted) {
        if (deleted.getUserId().equals(userId)) {
            var union = SeqRanges.union(view.getDeletedList(), deleted.getRangesList());
            var newest = union.subList(Math.max(0, union.size() - MAX_DELETED_RANGES), union.size());
            view.clearDeleted().addAllDeleted(newest);
            UnreadCounts.delete(view, deleted);
            Previews.forget(view);
        }
    }

    /**
     * Returns true if the event is newer than the view. Unsequenced events arrive in the order of their times, and
     * repeatedly only after a crash; an older event has been applied already.
     */
    private static boolean isNews(ViewRecord.Builder view, ConversationEvent event) {
        return Timestamps.compare(event.getSentAt(), view.getUpdatedAt()) >= 0;
    }
}
