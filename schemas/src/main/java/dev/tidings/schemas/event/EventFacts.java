package dev.tidings.schemas.event;

import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.OwnershipTransferred;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Facts about an event that more than one part of the system needs. One row for each body of an event: a new body needs its row
 * here, and every part that asks for these facts handles it.
 *
 * @param author the user who caused the event; empty: the operator
 * @param users users whom the event concerns by name, also if they do not belong to the conversation; may contain a user twice
 * @param personal whether the event concerns only {@code users}, and no other member
 * @param changedSeq the seq of the message that an edit or recall changes; unchecked, as the event says
 * @param departedUsers users who no longer belong to the group after the event
 */
public record EventFacts(
        String author, List<String> users, boolean personal, OptionalLong changedSeq, List<String> departedUsers) {

    /** Never null. Of an event without a body all facts are empty. */
    public static EventFacts of(ConversationEvent event) {
        return switch (event.getBodyCase()) {
            case MESSAGE_SENT ->
                by(event.getMessageSent().getSender())
                        .concerning(event.getMessageSent().getMentions().getUserIdsList());
            case MESSAGE_EDITED ->
                // the views of users who are no longer mentioned change, too
                by(event.getMessageEdited().getBy())
                        .concerning(Stream.concat(
                                        event.getMessageEdited().getMentions().getUserIdsList().stream(),
                                        event.getMessageEdited().getPreviousMentions().getUserIdsList().stream())
                                .toList())
                        .changing(event.getMessageEdited().getSeq());
            case MESSAGE_RECALLED ->
                by(event.getMessageRecalled().getBy())
                        .concerning(event.getMessageRecalled().getMentions().getUserIdsList())
                        .changing(event.getMessageRecalled().getSeq());
            case REACTION_CHANGED -> by(event.getReactionChanged().getUserId());
            case PIN_CHANGED -> by(event.getPinChanged().getBy());
            case READ_ADVANCED -> by(event.getReadAdvanced().getUserId()).concerningAuthor();
            case DELIVERED_ADVANCED -> by(event.getDeliveredAdvanced().getUserId());
            case MESSAGES_DELETED ->
                by(event.getMessagesDeleted().getUserId()).concerningAuthor().onlyPersonal();
            case TYPING_STARTED -> by(event.getTypingStarted().getUserId());
            case GROUP_CREATED ->
                by(event.getGroupCreated().getOwner())
                        .concerning(event.getGroupCreated().getMembersList());
            case GROUP_UPDATED -> by(event.getGroupUpdated().getBy());
            case ALL_MUTED -> by(event.getAllMuted().getBy());
            case GROUP_DISSOLVED -> by(event.getGroupDissolved().getBy());
            case MEMBERS_ADDED ->
                by(event.getMembersAdded().getBy())
                        .concerning(event.getMembersAdded().getUserIdsList());
            case JOIN_REQUESTED -> by(event.getJoinRequested().getUserId()).concerningAuthor();
            case JOIN_DECLINED ->
                by(event.getJoinDeclined().getBy())
                        .concerning(List.of(event.getJoinDeclined().getUserId()));
            case MEMBER_LEFT ->
                by(event.getMemberLeft().getUserId())
                        .removing(List.of(event.getMemberLeft().getUserId()));
            case MEMBERS_REMOVED ->
                by(event.getMembersRemoved().getBy())
                        .removing(event.getMembersRemoved().getUserIdsList());
            case ROLE_CHANGED ->
                by(event.getRoleChanged().getBy())
                        .concerning(List.of(event.getRoleChanged().getUserId()));
            case OWNERSHIP_TRANSFERRED ->
                by(event.getOwnershipTransferred().getFrom()).concerning(owners(event.getOwnershipTransferred()));
            case MEMBER_MUTED ->
                by(event.getMemberMuted().getBy())
                        .concerning(List.of(event.getMemberMuted().getUserId()));
            case FRIEND_REQUESTED -> by(event.getFriendRequested().getBy());
            case FRIEND_ACCEPTED -> by(event.getFriendAccepted().getBy());
            case FRIEND_DECLINED -> by(event.getFriendDeclined().getBy());
            case FRIEND_REMOVED -> by(event.getFriendRemoved().getBy());
            case BLOCK_CHANGED ->
                by(event.getBlockChanged().getBy()).concerningAuthor().onlyPersonal();
            case REMARK_CHANGED ->
                by(event.getRemarkChanged().getBy()).concerningAuthor().onlyPersonal();
            case BODY_NOT_SET -> by("");
        };
    }

    /** Whether a message counts as unread for its recipients, as its sender decided. Messages in rooms never count. */
    public static boolean countsAsUnread(MessageSent message) {
        return !message.getFlags().getNoUnread();
    }

    /** Whether the event has a place in the gap-free sequence of its conversation. */
    public static boolean isSequenced(ConversationEvent event) {
        return event.getSeq() > 0;
    }

    private static EventFacts by(String author) {
        return new EventFacts(author, List.of(), false, OptionalLong.empty(), List.of());
    }

    private static List<String> owners(OwnershipTransferred transferred) {
        return transferred.getFrom().isEmpty()
                ? List.of(transferred.getTo())
                : List.of(transferred.getFrom(), transferred.getTo());
    }

    private EventFacts concerning(List<String> userIds) {
        return new EventFacts(author, userIds, personal, changedSeq, departedUsers);
    }

    private EventFacts concerningAuthor() {
        return concerning(List.of(author));
    }

    private EventFacts onlyPersonal() {
        return new EventFacts(author, users, true, changedSeq, departedUsers);
    }

    private EventFacts changing(long messageSeq) {
        return new EventFacts(author, users, personal, OptionalLong.of(messageSeq), departedUsers);
    }

    private EventFacts removing(List<String> userIds) {
        return new EventFacts(author, userIds, personal, changedSeq, userIds);
    }
}
