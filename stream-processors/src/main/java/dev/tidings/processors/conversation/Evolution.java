package dev.tidings.processors.conversation;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.parts.SeqRanges;
import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.state.v1.ReactionsRecord;
import dev.tidings.state.v1.Relation;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.JoinRequested;
import dev.tidings.v1.JoinWish;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.Role;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Takes up into a conversation what was decided on this very state. */
public final class Evolution {

    private Evolution() {}

    /** @param policy of the place in the log: it says whether the pace of senders is to be remembered */
    public static void evolve(Conversation.Evolving conversation, EffectivePolicy policy, ConversationEvent event) {
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> sent(conversation, policy, event);
            case MESSAGE_EDITED -> {
                // content is not kept
            }
            case MESSAGE_RECALLED -> recalled(conversation, event.getMessageRecalled());
            case REACTION_CHANGED -> reacted(conversation, event.getReactionChanged());
            case PIN_CHANGED -> pinned(conversation, event.getPinChanged());
            case READ_ADVANCED ->
                member(
                        conversation,
                        event.getReadAdvanced().getUserId(),
                        member -> member.setReadSeq(event.getReadAdvanced().getReadSeq())
                                .setReadIndex(event.getReadAdvanced().getReadIndex()));
            case MESSAGES_DELETED ->
                member(conversation, event.getMessagesDeleted().getUserId(), member -> {
                    List<SeqRange> all = SeqRanges.union(
                            member.getDeletedList(), event.getMessagesDeleted().getRangesList());
                    return member.clearDeleted().addAllDeleted(all);
                });
            case GROUP_CREATED -> created(conversation, event, event.getGroupCreated());
            case GROUP_UPDATED ->
                group(
                        conversation,
                        group -> group.setProfile(event.getGroupUpdated().getProfile()));
            case MEMBERS_ADDED -> added(conversation, event, event.getMembersAdded());
            case JOIN_REQUESTED -> requested(conversation, event.getJoinRequested());
            case JOIN_DECLINED ->
                withoutRequests(conversation, List.of(event.getJoinDeclined().getUserId()));
            case MEMBER_LEFT ->
                gone(
                        conversation,
                        List.of(event.getMemberLeft().getUserId()),
                        event.getMemberLeft().getMemberCount());
            case MEMBERS_REMOVED ->
                gone(
                        conversation,
                        event.getMembersRemoved().getUserIdsList(),
                        event.getMembersRemoved().getMemberCount());
            case ROLE_CHANGED ->
                role(
                        conversation,
                        event.getRoleChanged().getUserId(),
                        event.getRoleChanged().getRole());
            case OWNERSHIP_TRANSFERRED ->
                transferred(
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
            case GROUP_DISSOLVED -> {
                group(
                        conversation,
                        group -> group.setDissolved(true)
                                .setMemberCount(0)
                                .clearAdmins()
                                .clearRequests());
                conversation.forgetMembers();
            }
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
            append(conversation, event);
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

    private static void recalled(Conversation.Evolving conversation, MessageRecalled recalled) {
        EntryRecord entry = conversation.entry(recalled.getSeq());
        if (entry != null) {
            conversation.updateEntry(
                    recalled.getSeq(), entry.toBuilder().setRecalled(true).build());
        }
        if (conversation.group().getPinnedSeqsList().contains(recalled.getSeq())) {
            unpin(conversation, recalled.getSeq());
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

    private static void created(Conversation.Evolving conversation, ConversationEvent event, GroupCreated created) {
        conversation.putGroup(GroupRecord.newBuilder()
                .setProfile(created.getProfile())
                .setOwner(created.getOwner())
                .setMemberCount(created.getMembersCount())
                .build());
        for (String userId : created.getMembersList()) {
            come(conversation, userId, userId.equals(created.getOwner()) ? Role.OWNER : Role.MEMBER, event.getSeq());
        }
        if (created.getLarge()) {
            conversation.putHead(conversation.head().toBuilder().setLarge(true).build());
        }
    }

    private static void added(Conversation.Evolving conversation, ConversationEvent event, MembersAdded added) {
        for (String userId : added.getUserIdsList()) {
            come(conversation, userId, Role.MEMBER, event.getSeq());
        }
        withoutRequests(conversation, added.getUserIdsList());
        group(conversation, group -> group.setMemberCount(added.getMemberCount()));
        if (added.getBecameLarge()) {
            conversation.putHead(conversation.head().toBuilder().setLarge(true).build());
        }
    }

    private static void come(Conversation.Evolving conversation, String userId, Role role, long seq) {
        conversation.putMember(
                userId,
                MemberRecord.newBuilder().setRole(role).setJoinedSeq(seq).build());
    }

    private static void gone(Conversation.Evolving conversation, List<String> userIds, int memberCount) {
        userIds.forEach(conversation::forgetMember);
        List<String> admins = conversation.group().getAdminsList().stream()
                .filter(admin -> !userIds.contains(admin))
                .toList();
        group(conversation, group -> {
            if (userIds.contains(group.getOwner())) {
                group.clearOwner();
            }
            return group.setMemberCount(memberCount).clearAdmins().addAllAdmins(admins);
        });
    }

    private static void transferred(Conversation.Evolving conversation, String from, String to) {
        if (!from.isEmpty()) {
            role(conversation, from, Role.ADMIN);
        }
        role(conversation, to, Role.OWNER);
        group(conversation, group -> group.setOwner(to));
    }

    private static void role(Conversation.Evolving conversation, String userId, Role role) {
        member(conversation, userId, member -> member.setRole(role));
        TreeSet<String> admins = new TreeSet<>(conversation.group().getAdminsList());
        if (role == Role.ADMIN) {
            admins.add(userId);
        } else {
            admins.remove(userId);
        }
        group(conversation, group -> group.clearAdmins().addAllAdmins(admins));
    }

    private static void requested(Conversation.Evolving conversation, JoinRequested requested) {
        TreeMap<String, JoinWish> requests = new TreeMap<>();
        conversation.group().getRequestsList().forEach(wish -> requests.put(wish.getUserId(), wish));
        requests.put(
                requested.getUserId(),
                JoinWish.newBuilder()
                        .setUserId(requested.getUserId())
                        .setNote(requested.getNote())
                        .build());
        group(conversation, group -> group.clearRequests().addAllRequests(requests.values()));
    }

    private static void withoutRequests(Conversation.Evolving conversation, List<String> userIds) {
        List<JoinWish> others = conversation.group().getRequestsList().stream()
                .filter(wish -> !userIds.contains(wish.getUserId()))
                .toList();
        if (others.size() < conversation.group().getRequestsCount()) {
            group(conversation, group -> group.clearRequests().addAllRequests(others));
        }
    }

    private static void append(Conversation.Evolving conversation, ConversationEvent event) {
        ConversationHead head = conversation.head();
        boolean countable = event.getMessageIndex() > head.getMessageIndex();
        conversation.putEntry(event.getSeq(), entry(event, countable));
        conversation.putHead(head.toBuilder()
                .setLastSeq(event.getSeq())
                .setMessageIndex(event.getMessageIndex())
                .setOldestSeq(forgetOldest(conversation, event))
                .build());
    }

    /** At most two at a time: so what a burst has left behind goes as fast as it came, and no event pays for all of it. */
    private static long forgetOldest(Conversation.Evolving conversation, ConversationEvent now) {
        long oldest = Math.max(1, conversation.head().getOldestSeq());
        long until = Math.min(oldest + 1, now.getSeq() - ConversationDecider.WINDOW);
        while (oldest <= until) {
            EntryRecord entry = conversation.entry(oldest);
            if (entry != null) {
                if (millisBetween(entry.getSentAt(), now.getSentAt()) < ConversationDecider.WINDOW_MILLIS) {
                    return oldest;
                }
                conversation.forgetEntry(oldest, entry);
            }
            oldest++;
        }
        return oldest;
    }

    private static long millisBetween(Timestamp from, Timestamp to) {
        return Timestamps.toMillis(to) - Timestamps.toMillis(from);
    }

    private static EntryRecord entry(ConversationEvent event, boolean countable) {
        EntryRecord.Builder entry = EntryRecord.newBuilder()
                .setMessageIndex(event.getMessageIndex())
                .setSentAt(event.getSentAt())
                .setCountable(countable);
        if (event.hasMessageSent()) {
            MessageSent sent = event.getMessageSent();
            entry.setMessageId(sent.getMessageId())
                    .setSender(sent.getSender())
                    .setClientMsgId(sent.getClientMsgId())
                    .setMasked(sent.getMasked());
        } else {
            entry.setSender(ConversationDecider.COMMANDS)
                    .setClientMsgId(event.getCommandId())
                    .setMasked(event.getMessageEdited().getMasked());
        }
        return entry.build();
    }

    private static void group(Conversation.Evolving conversation, UnaryOperator<GroupRecord.Builder> change) {
        conversation.putGroup(change.apply(conversation.group().toBuilder()).build());
    }

    private static void member(
            Conversation.Evolving conversation, String userId, UnaryOperator<MemberRecord.Builder> change) {
        conversation.putMember(
                userId, change.apply(conversation.member(userId).toBuilder()).build());
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
