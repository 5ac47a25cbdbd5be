package dev.tidings.processors.intake;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.Command;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.SendMessage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a business command stands for: one command, or of the same to many users one for each. */
final class Expansion {

    static final int MAX_USERS = 10_000;

    /**
     * What the messages of one request may come to. They are written in one transaction, and those have their time: see
     * {@link IntakeTopology#SETTINGS}.
     */
    static final long MAX_BYTES = 16 * 1024 * 1024;

    private Expansion() {}

    /** Why no command can be made of it, or null where nothing speaks against it. */
    static @Nullable String flawOf(BusinessCommand business) {
        return business.hasSendToMany() ? flawOf(business, business.getSendToMany()) : null;
    }

    /**
     * The commands, in the order in which they are to be written.
     *
     * @param business without a flaw, and with a body
     */
    static List<Command> of(String source, BusinessCommand business, Place place) {
        Command asked = Command.newBuilder()
                .setActor(business.getActor())
                .setAsSystem(business.getAsSystem())
                .setOrigin(Origin.newBuilder()
                        .setBusiness(
                                BusinessOrigin.newBuilder().setSource(source).setRequestId(business.getRequestId())))
                .build();
        return business.hasSendToMany()
                ? toMany(asked, business.getSendToMany(), place)
                : List.of(one(asked, business, place));
    }

    /** A body does not name the conversation once more: where its name is long, the command must still fit into Kafka. */
    private static Command one(Command asked, BusinessCommand business, Place place) {
        Command.Builder command = asked.toBuilder().setCommandId(place.commandId());
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
            case RULES -> command.setRules(business.getRules());
            case SEND_TO_MANY -> throw new IllegalArgumentException("that is many commands");
            case BODY_NOT_SET -> throw new IllegalArgumentException("the reader lets no command in that says nothing");
        }
        return command.build();
    }

    private static SendMessage message(BusinessSend send) {
        SendMessage.Builder message =
                SendMessage.newBuilder().setClientMsgId(send.getClientMsgId()).setContent(send.getContent());
        if (send.hasReplyTo()) {
            // the rest of it is for the decision to say
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

    private static @Nullable String flawOf(BusinessCommand business, BusinessSendToMany many) {
        int users = many.getUserIdsCount();
        if (users < 1 || users > MAX_USERS) {
            return "userIds of sendToMany must be 1 to " + MAX_USERS + "; they are " + users;
        }
        boolean nobody = business.getActor().isEmpty() && business.getAsSystem();
        if (!nobody && !UserId.isValid(business.getActor())) {
            return "actor of sendToMany must be [A-Za-z0-9_.-]{1,64}, or absent if asSystem";
        }
        int messageBytes = message(many).getSerializedSize();
        if ((long) users * messageBytes > MAX_BYTES) {
            return "sendToMany must be at most " + MAX_BYTES + " bytes in all; it is " + users + " messages of "
                    + messageBytes + " bytes: split it";
        }
        return null;
    }

    /** A user id that is none leads to a conversation that is none: CONVERSATION refuses it, and the others go on. */
    private static List<Command> toMany(Command asked, BusinessSendToMany many, Place place) {
        SendMessage message = message(many);
        List<Command> commands = new ArrayList<>();
        for (String userId : new LinkedHashSet<>(many.getUserIdsList())) {
            ConversationId conversation = asked.getAsSystem()
                    ? new ConversationId.SystemAccount(userId)
                    : ConversationId.between(asked.getActor(), userId);
            commands.add(asked.toBuilder()
                    .setCommandId(place.commandId(commands.size()))
                    .setConversationId(conversation.toString())
                    .setSendMessage(message)
                    .build());
        }
        return commands;
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
