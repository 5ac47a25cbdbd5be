package dev.tidings.processors.intake;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.Command;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.SendMessage;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns a business command into commands: one, or one for each user of a {@code sendToMany}. */
final class CommandExpansion {

    static final int MAX_USERS = 10_000;

    /**
     * The total size of the messages of one request. If too many requests are pending, they are written in one transaction,
     * which has a timeout: see {@link IntakeTopology#SETTINGS}.
     */
    static final long MAX_BYTES = 16 * 1024 * 1024;

    private CommandExpansion() {}

    /** The violated limit of a {@code sendToMany}, a {@code changeUsers} or a query, for people; null if there is none. */
    static @Nullable String violation(BusinessCommand business) {
        if (business.hasChangeUsers()) {
            return DirectoryExpansion.violation(business.getChangeUsers());
        }
        if (QueryExpansion.isQuery(business)) {
            return QueryExpansion.violation(business);
        }
        return business.hasSendToMany() ? violation(business, business.getSendToMany()) : null;
    }

    /**
     * The commands, in the order in which they are written.
     *
     * @param business has a body other than {@code changeUsers} and the queries about users, and no {@link #violation}
     */
    static List<Command> of(Origin origin, BusinessCommand business, RequestPosition position) {
        return business.hasSendToMany()
                ? toMany(origin, business, position).all()
                : List.of(one(template(origin, business), business, position));
    }

    private static Command template(Origin origin, BusinessCommand business) {
        return Command.newBuilder()
                .setActor(business.getActor())
                .setAsSystem(business.getAsSystem())
                .setOrigin(origin)
                .build();
    }

    /** Clears the conversation id of the body, so that a command with a long, invalid id still fits into a record. */
    private static Command one(Command template, BusinessCommand business, RequestPosition position) {
        Command.Builder command = template.toBuilder().setCommandId(position.commandId());
        switch (business.getBodyCase()) {
            case SEND_MESSAGE -> {
                BusinessSend send = business.getSendMessage();
                command.setConversationId(send.getConversationId()).setSendMessage(message(send));
            }
            case MARK_READ -> {
                BusinessMarkRead mark = business.getMarkRead();
                command.setConversationId(mark.getConversationId())
                        .setMarkRead(MarkRead.newBuilder().setSeq(mark.getSeq()));
            }
            case EDIT ->
                command.setConversationId(business.getEdit().getConversationId())
                        .setEditMessage(business.getEdit().toBuilder().clearConversationId());
            case RECALL ->
                command.setConversationId(business.getRecall().getConversationId())
                        .setRecallMessage(business.getRecall().toBuilder().clearConversationId());
            case DELETE_FOR_ME ->
                command.setConversationId(business.getDeleteForMe().getConversationId())
                        .setDeleteForMe(business.getDeleteForMe().toBuilder().clearConversationId());
            case REACT ->
                command.setConversationId(business.getReact().getConversationId())
                        .setReact(business.getReact().toBuilder().clearConversationId());
            case PIN ->
                command.setConversationId(business.getPin().getConversationId())
                        .setPinMessage(business.getPin().toBuilder().clearConversationId());
            case GROUP ->
                command.setConversationId(business.getGroup().getConversationId())
                        .setGroup(business.getGroup().toBuilder().clearConversationId());
            case FRIEND ->
                command.setConversationId(business.getFriend().getConversationId())
                        .setFriend(business.getFriend().toBuilder().clearConversationId());
            case READ_HEAD ->
                command.setConversationId(business.getReadHead().getConversationId())
                        .setReadHead(business.getReadHead().toBuilder().clearConversationId());
            case RULES -> command.setRules(business.getRules());
            case CHANGE_USERS, LIST_CONVERSATIONS, GET_PRESENCE ->
                throw new IllegalArgumentException(business.getBodyCase() + " is no command to a conversation");
            case SEND_TO_MANY -> throw new IllegalArgumentException("sendToMany is several commands");
            case BODY_NOT_SET -> throw new IllegalArgumentException("the command has no body");
        }
        return command.build();
    }

    private static SendMessage message(BusinessSend send) {
        SendMessage.Builder message =
                SendMessage.newBuilder().setClientMsgId(send.getClientMsgId()).setContent(send.getContent());
        if (send.hasReplyTo()) {
            // CONVERSATION sets the other fields
            message.setReplyTo(ReplyTo.newBuilder().setSeq(send.getReplyTo().getSeq()));
        }
        if (send.hasMentions()) {
            message.setMentions(send.getMentions());
        }
        if (send.hasExpiresAt()) {
            message.setExpiresAt(send.getExpiresAt());
        }
        if (send.hasFlags()) {
            message.setFlags(send.getFlags());
        }
        return message.build();
    }

    private static @Nullable String violation(BusinessCommand business, BusinessSendToMany many) {
        int users = many.getUserIdsCount();
        if (users < 1 || users > MAX_USERS) {
            return "userIds of sendToMany has " + users + " entries; 1 to " + MAX_USERS + " are allowed";
        }
        boolean isSystem = business.getActor().isEmpty() && business.getAsSystem();
        if (!isSystem && !UserId.isValid(business.getActor())) {
            return "actor of sendToMany is not allowed; it must match [A-Za-z0-9_.-]{1,64}, or be absent if asSystem";
        }
        int messageBytes = message(many).getSerializedSize();
        if ((long) users * messageBytes > MAX_BYTES) {
            return "sendToMany has " + users + " messages of " + messageBytes + " bytes; at most " + MAX_BYTES
                    + " bytes in total are allowed";
        }
        return null;
    }

    /**
     * Returns the commands of a {@code sendToMany}. An invalid user id gives an invalid conversation id, which CONVERSATION
     * refuses without effect on the others.
     */
    static RecipientCommands toMany(Origin origin, BusinessCommand business, RequestPosition position) {
        BusinessSendToMany many = business.getSendToMany();
        List<String> conversationIds = new LinkedHashSet<>(many.getUserIdsList())
                .stream()
                        .map(userId -> business.getAsSystem()
                                ? new ConversationId.SystemAccount(userId)
                                : ConversationId.between(business.getActor(), userId))
                        .map(ConversationId::toString)
                        .toList();
        Command template = template(origin, business).toBuilder()
                .setSendMessage(message(many))
                .build();
        return new RecipientCommands(template, conversationIds, position);
    }

    private static SendMessage message(BusinessSendToMany many) {
        SendMessage.Builder message =
                SendMessage.newBuilder().setClientMsgId(many.getClientMsgId()).setContent(many.getContent());
        if (many.hasExpiresAt()) {
            message.setExpiresAt(many.getExpiresAt());
        }
        if (many.hasFlags()) {
            message.setFlags(many.getFlags());
        }
        return message.build();
    }
}
