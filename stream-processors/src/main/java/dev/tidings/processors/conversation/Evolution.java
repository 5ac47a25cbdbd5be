package dev.tidings.processors.conversation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.parts.SeqRanges;
import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.state.v1.ReactionsRecord;
import dev.tidings.state.v1.Relation;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.Role;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes up into a conversation what was decided on this very state. */
public final class Evolution {

    private Evolution() {}

    /**
     * @param policy of the place in the log: it says whether the pace of senders is to be remembered
     * @param name of the command that the event follows from; null where the event has no place in the sequence
     */
    static void evolve(
            Conversation.Evolving conversation,
            EffectivePolicy policy,
            ConversationEvent event,
            @Nullable CommandName name) {
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> {
                sent(conversation, policy, event);
                RecentEvents.sent(conversation, event);
            }
            case MESSAGE_EDITED -> RecentEvents.edited(conversation, event.getMessageEdited());
            case MESSAGE_RECALLED -> {
                RecentEvents.recalled(conversation, event.getMessageRecalled());
                if (conversation
                        .group()
                        .getPinnedSeqsList()
                        .contains(event.getMessageRecalled().getSeq())) {
                    unpin(conversation, event.getMessageRecalled().getSeq());
                }
            }
            case REACTION_CHANGED -> reacted(conversation, event.getReactionChanged());
            case PIN_CHANGED -> pinned(conversation, event.getPinChanged());
            case READ_ADVANCED ->
                ownAffair(
                        conversation,
                        event,
                        event.getReadAdvanced().getUserId(),
                        member -> member.setReadSeq(event.getReadAdvanced().getReadSeq())
                                .setReadIndex(event.getReadAdvanced().getReadIndex()));
            case MESSAGES_DELETED ->
                ownAffair(conversation, event, event.getMessagesDeleted().getUserId(), member -> {
                    List<SeqRange> all = SeqRanges.union(
                            member.getDeletedList(), event.getMessagesDeleted().getRangesList());
                    return member.clearDeleted().addAllDeleted(all);
                });
            case GROUP_CREATED -> MembershipEvolution.created(conversation, event, event.getGroupCreated());
            case GROUP_UPDATED ->
                group(
                        conversation,
                        group -> group.setProfile(event.getGroupUpdated().getProfile()));
            case MEMBERS_ADDED -> MembershipEvolution.added(conversation, event, event.getMembersAdded());
            case JOIN_REQUESTED -> MembershipEvolution.requested(conversation, event.getJoinRequested());
            case JOIN_DECLINED ->
                MembershipEvolution.withoutRequests(
                        conversation, List.of(event.getJoinDeclined().getUserId()));
            case MEMBER_LEFT ->
                MembershipEvolution.gone(
                        conversation,
                        event,
                        List.of(event.getMemberLeft().getUserId()),
                        event.getMemberLeft().getMemberCount());
            case MEMBERS_REMOVED ->
                MembershipEvolution.gone(
                        conversation,
                        event,
                        event.getMembersRemoved().getUserIdsList(),
                        event.getMembersRemoved().getMemberCount());
            case ROLE_CHANGED ->
                MembershipEvolution.role(
                        conversation,
                        event.getRoleChanged().getUserId(),
                        event.getRoleChanged().getRole());
            case OWNERSHIP_TRANSFERRED ->
                MembershipEvolution.transferred(
                        conversation,
                        event.getOwnershipTransferred().getFrom(),
                        event.getOwnershipTransferred().getTo());
            case MEMBER_MUTED ->
                member(
                        conversation,
                        event.getMemberMuted().getUserId(),
                        member -> event.getMemberMuted().hasUntil()
                                ? member.setMutedUntil(event.getMemberMuted().getUntil())
                                : member.clearMutedUntil());
            case ALL_MUTED ->
                group(
                        conversation,
                        group -> group.setAllMuted(event.getAllMuted().getMuted()));
            case GROUP_DISSOLVED ->
                // what is known of its members stays: they may still mark as read and delete for themselves
                group(
                        conversation,
                        group -> group.setDissolved(true)
                                .setMemberCount(0)
                                .clearAdmins()
                                .clearRequests());
            case FRIEND_REQUESTED ->
                relation(
                        conversation,
                        event.getFriendRequested().getBy(),
                        relation -> relation.setFriendRequested(true));
            case FRIEND_ACCEPTED ->
                bothRelations(
                        conversation,
                        event,
                        relation -> relation.setFriend(true).clearFriendRequested());
            case FRIEND_DECLINED -> bothRelations(conversation, event, Relation.Builder::clearFriendRequested);
            case FRIEND_REMOVED ->
                bothRelations(
                        conversation, event, relation -> relation.clearFriend().clearFriendRequested());
            case BLOCK_CHANGED ->
                relation(
                        conversation,
                        event.getBlockChanged().getBy(),
                        relation -> relation.setBlocked(event.getBlockChanged().getBlocked()));
            case REMARK_CHANGED ->
                relation(
                        conversation,
                        event.getRemarkChanged().getBy(),
                        relation -> relation.setRemark(event.getRemarkChanged().getRemark()));
            case DELIVERED_ADVANCED ->
                member(
                        conversation,
                        event.getDeliveredAdvanced().getUserId(),
                        member -> member.setDeliveredSeq(
                                event.getDeliveredAdvanced().getDeliveredSeq()));
            case TYPING_STARTED -> {
                // nobody remembers
            }
            case BODY_NOT_SET -> throw new IllegalArgumentException("an event without a body was never decided");
        }
        if (event.getSeq() > 0) {
            RecentEvents.append(
                    conversation, event, Objects.requireNonNull(name, "what is in the sequence has a name"));
        }
    }

    private static void sent(Conversation.Evolving conversation, EffectivePolicy policy, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        if (policy.limitsPace() && !sent.getAsSystem()) {
            conversation.putPace(
                    sent.getSender(),
                    Speaking.after(
                            conversation.pace(sent.getSender()),
                            policy,
                            sent.getContent(),
                            Timestamps.toMillis(event.getSentAt())));
        }
    }

    private static void reacted(Conversation.Evolving conversation, ReactionChanged changed) {
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

    private static void pinned(Conversation.Evolving conversation, PinChanged changed) {
        if (changed.getUnpinned()) {
            unpin(conversation, changed.getSeq());
        } else {
            TreeSet<Long> pins = new TreeSet<>(conversation.group().getPinnedSeqsList());
            pins.add(changed.getSeq());
            group(conversation, group -> group.clearPinnedSeqs().addAllPinnedSeqs(pins));
        }
    }

    private static void unpin(Conversation.Evolving conversation, long seq) {
        List<Long> pins = conversation.group().getPinnedSeqsList().stream()
                .filter(pinned -> pinned != seq)
                .toList();
        group(conversation, group -> group.clearPinnedSeqs().addAllPinnedSeqs(pins));
    }

    static void group(Conversation.Evolving conversation, UnaryOperator<GroupRecord.Builder> change) {
        conversation.putGroup(change.apply(conversation.group().toBuilder()).build());
    }

    static void member(Conversation.Evolving conversation, String userId, UnaryOperator<MemberRecord.Builder> change) {
        conversation.putMember(
                userId, change.apply(conversation.member(userId).toBuilder()).build());
    }

    /** What a user reads and deletes is kept where the rest is that is known of them: also once they have left a group. */
    private static void ownAffair(
            Conversation.Evolving conversation,
            ConversationEvent event,
            String userId,
            UnaryOperator<MemberRecord.Builder> change) {
        boolean former = ConversationId.parse(event.getConversationId()) instanceof ConversationId.Group
                && conversation.member(userId).getRole() == Role.ROLE_UNSPECIFIED;
        if (former) {
            conversation.putFormerMember(
                    userId,
                    change.apply(conversation.formerMember(userId).toBuilder()).build());
        } else {
            member(conversation, userId, change);
        }
    }

    private static void relation(
            Conversation.Evolving conversation, String userId, UnaryOperator<Relation.Builder> change) {
        member(conversation, userId, member -> member.setRelation(change.apply(member.getRelation().toBuilder())));
    }

    private static void bothRelations(
            Conversation.Evolving conversation, ConversationEvent event, UnaryOperator<Relation.Builder> change) {
        if (ConversationId.parse(event.getConversationId()) instanceof ConversationId.Private pair) {
            pair.users().forEach(userId -> relation(conversation, userId, change));
        }
    }
}
