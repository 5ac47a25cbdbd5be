package dev.tidings.processors.conversation;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Role;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who is to hear of an event. Asked before the event is taken up: who goes hears of it, too.
 *
 * @param named users who are told through their inboxes, ascending
 * @param followers whether it goes to the gateways that are attached to the conversation
 * @param everyone whether it goes to the inboxes of all users, none of them named
 * @param large whether the conversation is large from this event on: its members follow it on their gateways
 */
record Audience(TreeSet<String> named, boolean followers, boolean everyone, boolean large) {

    static Audience of(Conversation conversation, ConversationEvent event) {
        ConversationId id = ConversationId.parse(event.getConversationId());
        return switch (id) {
            case ConversationId.Private pair -> users(privately(pair, event));
            case ConversationId.SystemAccount account -> users(List.of(account.id()));
            case ConversationId.Group group -> inGroup(conversation, event);
            case ConversationId.Room room -> new Audience(new TreeSet<>(), true, false, false);
            case ConversationId.Broadcast broadcast ->
                event.getSeq() == 0 ? users(concerned(event)) : new Audience(new TreeSet<>(), false, true, false);
            case null -> throw new IllegalArgumentException("an event of no conversation was never decided");
        };
    }

    /**
     * Whether the event changes what every member of a large group sees: it goes to all inbox partitions, once each, and no
     * member is named for it.
     */
    boolean sharedByMembers(ConversationEvent event) {
        boolean shared = event.hasGroupUpdated()
                || event.hasGroupDissolved()
                || event.hasAllMuted()
                || event.hasMessageRecalled()
                || event.hasMessageEdited();
        return large && followers && event.getSeq() > 0 && shared;
    }

    private static Audience inGroup(Conversation conversation, ConversationEvent event) {
        if (event.hasTypingStarted()) {
            TreeSet<String> others = conversation.head().getLarge() ? new TreeSet<>() : members(conversation);
            others.remove(event.getTypingStarted().getUserId());
            return new Audience(
                    others,
                    conversation.head().getLarge(),
                    false,
                    conversation.head().getLarge());
        }
        if (event.getSeq() == 0) {
            TreeSet<String> few = new TreeSet<>(concerned(event));
            if (event.hasJoinRequested() || event.hasJoinDeclined()) {
                few.addAll(conversation.group().getAdminsList());
                if (!conversation.group().getOwner().isEmpty()) {
                    few.add(conversation.group().getOwner());
                }
            }
            return new Audience(few, false, false, conversation.head().getLarge());
        }
        if (conversation.head().getLarge()) {
            return new Audience(new TreeSet<>(concerned(event)), true, false, true);
        }
        TreeSet<String> all = members(conversation);
        all.addAll(concerned(event));
        boolean becomesLarge = event.getMembersAdded().getBecameLarge()
                || event.getGroupCreated().getLarge();
        return new Audience(all, false, false, becomesLarge);
    }

    private static Audience users(List<String> userIds) {
        return new Audience(new TreeSet<>(userIds), false, false, false);
    }

    private static List<String> privately(ConversationId.Private pair, ConversationEvent event) {
        return switch (event.getBodyCase()) {
            case MESSAGES_DELETED, BLOCK_CHANGED, REMARK_CHANGED -> concerned(event);
            case TYPING_STARTED ->
                pair.users().stream()
                        .filter(userId ->
                                !userId.equals(event.getTypingStarted().getUserId()))
                        .toList();
            case MESSAGE_SENT,
                    READ_ADVANCED,
                    MESSAGE_EDITED,
                    MESSAGE_RECALLED,
                    REACTION_CHANGED,
                    PIN_CHANGED,
                    GROUP_CREATED,
                    GROUP_UPDATED,
                    MEMBERS_ADDED,
                    JOIN_REQUESTED,
                    JOIN_DECLINED,
                    MEMBER_LEFT,
                    MEMBERS_REMOVED,
                    ROLE_CHANGED,
                    OWNERSHIP_TRANSFERRED,
                    MEMBER_MUTED,
                    ALL_MUTED,
                    GROUP_DISSOLVED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    DELIVERED_ADVANCED,
                    BODY_NOT_SET -> pair.users();
        };
    }

    /** Whom an event concerns by name, apart from everyone who belongs. */
    private static List<String> concerned(ConversationEvent event) {
        return switch (event.getBodyCase()) {
            case MESSAGE_SENT -> event.getMessageSent().getMentions().getUserIdsList();
            // who is mentioned no more has a view that says otherwise, too
            case MESSAGE_EDITED ->
                Stream.concat(
                                event.getMessageEdited().getMentions().getUserIdsList().stream(),
                                event.getMessageEdited().getPreviousMentions().getUserIdsList().stream())
                        .toList();
            case MESSAGE_RECALLED -> event.getMessageRecalled().getMentions().getUserIdsList();
            case READ_ADVANCED -> List.of(event.getReadAdvanced().getUserId());
            case MESSAGES_DELETED -> List.of(event.getMessagesDeleted().getUserId());
            case GROUP_CREATED -> event.getGroupCreated().getMembersList();
            case MEMBERS_ADDED -> event.getMembersAdded().getUserIdsList();
            case JOIN_REQUESTED -> List.of(event.getJoinRequested().getUserId());
            case JOIN_DECLINED -> List.of(event.getJoinDeclined().getUserId());
            case MEMBER_LEFT -> List.of(event.getMemberLeft().getUserId());
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUserIdsList();
            case ROLE_CHANGED -> List.of(event.getRoleChanged().getUserId());
            case OWNERSHIP_TRANSFERRED ->
                event.getOwnershipTransferred().getFrom().isEmpty()
                        ? List.of(event.getOwnershipTransferred().getTo())
                        : List.of(
                                event.getOwnershipTransferred().getFrom(),
                                event.getOwnershipTransferred().getTo());
            case MEMBER_MUTED -> List.of(event.getMemberMuted().getUserId());
            case BLOCK_CHANGED -> List.of(event.getBlockChanged().getBy());
            case REMARK_CHANGED -> List.of(event.getRemarkChanged().getBy());
            case REACTION_CHANGED,
                    PIN_CHANGED,
                    GROUP_UPDATED,
                    ALL_MUTED,
                    GROUP_DISSOLVED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    TYPING_STARTED,
                    DELIVERED_ADVANCED,
                    BODY_NOT_SET -> List.of();
        };
    }

    private static TreeSet<String> members(Conversation conversation) {
        TreeSet<String> members = new TreeSet<>();
        conversation.visitMembers("", (userId, member) -> {
            if (member.getRole() != Role.ROLE_UNSPECIFIED) {
                members.add(userId);
            }
            return true;
        });
        return members;
    }
}
