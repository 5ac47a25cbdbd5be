package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tidings.processors.TestRecords;
import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.processors.rules.Rules;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;
import java.util.function.UnaryOperator;

/** One conversation that decides one command after the other, a second apart. */
final class Scene {

    private final String conversationId;
    private final InMemoryConversation conversation = new InMemoryConversation();
    private Rules rules = FixedRules.NONE;
    private long seconds;
    private int commands;

    Scene(String conversationId) {
        this.conversationId = conversationId;
    }

    /** Sets the rules for the commands that follow. */
    Scene under(Rules newRules) {
        rules = newRules;
        return this;
    }

    Scene later(long moreSeconds) {
        seconds += moreSeconds;
        return this;
    }

    long now() {
        return seconds;
    }

    InMemoryConversation state() {
        return conversation;
    }

    /** Decides a command, and applies its event if it is accepted. */
    Decision when(Command command) {
        seconds++;
        Decision decision = ConversationDecider.decide(conversation, rules, command, TestRecords.at(seconds));
        if (decision instanceof Accepted accepted) {
            ConversationDecider.evolve(
                    conversation, rules.policy(), accepted.event(), ConversationDecider.nameOf(command));
        }
        return decision;
    }

    /** The audience of the command's event if the command were decided now. */
    Audience audience(Command command) {
        Decision decision = ConversationDecider.decide(conversation, rules, command, TestRecords.at(seconds));
        return Audience.of(
                conversation, assertInstanceOf(Accepted.class, decision).event());
    }

    ConversationEvent accepts(Command command) {
        return assertInstanceOf(Accepted.class, when(command)).event();
    }

    void refuses(Refusal.Reason reason, Command command) {
        assertEquals(
                reason, assertInstanceOf(Refused.class, when(command)).refusal().getReason());
    }

    Command command(String actor) {
        return Command.newBuilder()
                .setCommandId("command" + ++commands)
                .setConversationId(conversationId)
                .setActor(actor)
                .build();
    }

    static Command asSystem(Command command) {
        return command.toBuilder().setAsSystem(true).build();
    }

    Command send(String actor, String clientMsgId) {
        return send(actor, clientMsgId, send -> send);
    }

    Command send(String actor, String clientMsgId, UnaryOperator<SendMessage.Builder> more) {
        return command(actor).toBuilder()
                .setSendMessage(more.apply(SendMessage.newBuilder()
                        .setClientMsgId(clientMsgId)
                        .setContent(TestRecords.text("says " + clientMsgId))))
                .build();
    }

    Command edit(String actor, long seq, String text) {
        return command(actor).toBuilder()
                .setEditMessage(EditMessage.newBuilder().setSeq(seq).setContent(TestRecords.text(text)))
                .build();
    }

    Command recall(String actor, long seq) {
        return command(actor).toBuilder()
                .setRecallMessage(RecallMessage.newBuilder().setSeq(seq))
                .build();
    }

    Command react(String actor, long seq, String reaction) {
        return command(actor).toBuilder()
                .setReact(React.newBuilder().setSeq(seq).setReaction(reaction))
                .build();
    }

    Command unreact(String actor, long seq, String reaction) {
        return command(actor).toBuilder()
                .setReact(React.newBuilder().setSeq(seq).setReaction(reaction).setRemove(true))
                .build();
    }

    Command pin(String actor, long seq) {
        return command(actor).toBuilder()
                .setPinMessage(PinMessage.newBuilder().setSeq(seq))
                .build();
    }

    Command delete(String actor, UnaryOperator<DeleteForMe.Builder> what) {
        return command(actor).toBuilder()
                .setDeleteForMe(what.apply(DeleteForMe.newBuilder()))
                .build();
    }

    Command group(String actor, UnaryOperator<GroupCommand.Builder> what) {
        return command(actor).toBuilder()
                .setGroup(what.apply(GroupCommand.newBuilder()))
                .build();
    }

    Command friend(String actor, UnaryOperator<FriendCommand.Builder> what) {
        return command(actor).toBuilder()
                .setFriend(what.apply(FriendCommand.newBuilder()))
                .build();
    }
}
