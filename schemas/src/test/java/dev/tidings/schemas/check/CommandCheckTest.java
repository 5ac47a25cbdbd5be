package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.CardContent;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.CustomContent;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.EncryptedContent;
import dev.tidings.v1.EnterRoom;
import dev.tidings.v1.FileContent;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SubscribeGateway;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.VideoContent;
import dev.tidings.v1.WordRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCheckTest {

    private static final MediaReference MEDIA =
            MediaReference.newBuilder().setUrl("https://media.example/1").build();

    @Test
    void valid_commands_are_allowed() {
        assertAccepted(send("m1", text("hello")));
        assertAccepted(markRead(1));
        assertAccepted(send("m1", text("hello")).toBuilder()
                .setConversationId("g:team")
                .build());
    }

    @Test
    void a_whole_command_has_at_most_128_kilobytes() {
        Command command = forwarded(130_000);
        int left = Limits.COMMAND - command.getSerializedSize();
        Command largest = forwarded(130_000 + left);

        assertEquals(131_072, largest.getSerializedSize());
        assertAccepted(largest);
        Refusal refusal = refusalOf(forwarded(130_001 + left));
        assertEquals(Refusal.Reason.COMMAND_TOO_LARGE, refusal.getReason());
        assertEquals("the command has 131073 bytes; at most 131072 are allowed", refusal.getMessage());
    }

    @Test
    void a_command_id_has_at_most_128_bytes() {
        Command command = send("m1", text("hello"));

        assertFalse(isRefused(command.toBuilder().setCommandId("c".repeat(128)).build()));
        assertEquals(
                "commandId has 129 bytes; at most 128 are allowed",
                refusalOf(command.toBuilder().setCommandId("c".repeat(129)).build())
                        .getMessage());
    }

    @Test
    void a_rules_command_may_be_as_large_as_a_business_value() {
        Command rules = rulesWithWords(5_800);

        assertTrue(rules.getSerializedSize() > 400_000);
        assertAccepted(rules);
        assertRefused(Refusal.Reason.COMMAND_TOO_LARGE, rulesWithWords(6_000));
    }

    @Test
    void an_invalid_conversation_id_is_refused() {
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, to("", "alice"));
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, to("p:bob:alice", "alice"));
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, to("q:team", "alice"));
    }

    @Test
    void a_refusal_quotes_the_beginning_of_the_conversation_id() {
        Refusal refusal = refusalOf(to("z".repeat(5_000), "alice"));

        assertTrue(refusal.getMessage().contains("z".repeat(80) + "…"), refusal.getMessage());
        assertTrue(refusal.getMessage().length() < 300);
    }

    @Test
    void a_quoted_conversation_id_is_not_cut_inside_a_surrogate_pair() {
        Refusal refusal = refusalOf(to("z".repeat(79) + "😀😀", "alice"));

        String message = refusal.getMessage();
        assertEquals(message, new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    @Test
    void a_private_conversation_with_oneself_is_refused() {
        assertRefused(Refusal.Reason.CONVERSATION_WITH_ONESELF, to("p:alice:alice", "alice"));
    }

    @Test
    void the_actor_must_be_a_valid_user_id() {
        assertRefused(Refusal.Reason.INVALID_USER_ID, to("p:alice:bob", ""));
        assertRefused(Refusal.Reason.INVALID_USER_ID, to("p:alice:bob", "a:b"));
    }

    @Test
    void a_message_has_a_client_message_id_of_1_to_128_bytes_without_control_characters() {
        assertAccepted(send("x".repeat(128), text("hello")));
        assertAccepted(send("ä".repeat(64), text("hello")));
        for (String bad : List.of("", "x".repeat(129), "ä".repeat(65), "a\u0000b", "a\nb", "\u007f", "\u0085")) {
            assertRefused(Refusal.Reason.INVALID_CLIENT_MSG_ID, send(bad, text("hello")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u2003", "\u00A0", "\u200B", "\u3000", "\u0000", "\u3164"})
    void a_blank_text_is_refused(String body) {
        assertRefused(Refusal.Reason.CONTENT_EMPTY, send("m1", text(body)));
    }

    @Test
    void empty_content_is_refused() {
        List<Content> empty = List.of(
                Content.getDefaultInstance(),
                Content.newBuilder().setImage(ImageContent.getDefaultInstance()).build(),
                Content.newBuilder()
                        .setVideo(VideoContent.newBuilder().setCaption("no video"))
                        .build(),
                Content.newBuilder()
                        .setFile(FileContent.newBuilder().setFileName("no file"))
                        .build(),
                Content.newBuilder()
                        .setCard(CardContent.newBuilder().setUrl("https://a.example"))
                        .build(),
                Content.newBuilder()
                        .setCustom(CustomContent.newBuilder().setPayload(ByteString.copyFromUtf8("x")))
                        .build(),
                Content.newBuilder()
                        .setEncrypted(EncryptedContent.newBuilder().setScheme("mls"))
                        .build());

        for (Content content : empty) {
            assertRefused(Refusal.Reason.CONTENT_EMPTY, send("m1", content));
        }
    }

    @Test
    void every_kind_of_content_is_allowed() {
        List<Content> full = List.of(
                text("hello"),
                Content.newBuilder()
                        .setImage(ImageContent.newBuilder().setMedia(MEDIA))
                        .build(),
                Content.newBuilder()
                        .setVideo(VideoContent.newBuilder().setMedia(MEDIA))
                        .build(),
                Content.newBuilder()
                        .setFile(FileContent.newBuilder().setMedia(MEDIA))
                        .build(),
                Content.newBuilder()
                        .setLocation(LocationContent.getDefaultInstance())
                        .build(),
                Content.newBuilder()
                        .setCard(CardContent.newBuilder().setTitle("card"))
                        .build(),
                Content.newBuilder()
                        .setCustom(CustomContent.newBuilder().setType("com.example.poll"))
                        .build(),
                Content.newBuilder()
                        .setEncrypted(EncryptedContent.newBuilder().setPayload(ByteString.copyFromUtf8("x")))
                        .build());

        for (Content content : full) {
            assertAccepted(send("m1", content));
        }
    }

    @Test
    void content_has_at_most_65536_bytes_serialized() {
        Content largest = text("x".repeat(65_528));
        Content tooLarge = text("x".repeat(65_529));

        assertEquals(CommandCheck.MAX_CONTENT_BYTES, largest.getSerializedSize());
        assertAccepted(send("m1", largest));
        assertRefused(Refusal.Reason.CONTENT_TOO_LARGE, send("m1", tooLarge));
    }

    @Test
    void a_read_position_is_at_least_1() {
        assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, markRead(0));
        assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, markRead(-1));
    }

    @Test
    void a_reply_names_the_seq_of_a_message() {
        assertAccepted(message(send -> send.setReplyTo(ReplyTo.newBuilder().setSeq(1))));
        assertRefused(
                Refusal.Reason.SEQ_OUT_OF_RANGE,
                message(send -> send.setReplyTo(ReplyTo.newBuilder().setQuote("x"))));
    }

    @Test
    void an_operation_id_has_at_most_128_bytes() {
        assertAccepted(markRead(1).toBuilder().setOperationId("ä".repeat(64)).build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                markRead(1).toBuilder().setOperationId("ä".repeat(64) + "x").build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                markRead(1).toBuilder().setOperationId("a\nb").build());
    }

    @Test
    void a_message_mentions_at_most_50_users_by_id() {
        List<String> most = IntStream.range(0, 50).mapToObj(i -> "u" + i).toList();
        assertAccepted(message(send ->
                send.setMentions(Mentions.newBuilder().addAllUserIds(most).setAll(true))));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                message(send -> send.setMentions(
                        Mentions.newBuilder().addAllUserIds(most).addUserIds("more"))));
        assertRefused(
                Refusal.Reason.INVALID_USER_ID,
                message(send -> send.setMentions(Mentions.newBuilder().addUserIds("a:b"))));
    }

    @Test
    void expires_at_is_a_valid_time() {
        assertAccepted(message(send -> send.setExpiresAt(Timestamp.newBuilder().setSeconds(1))));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                message(send -> send.setExpiresAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                message(send -> send.setExpiresAt(Timestamp.newBuilder().setNanos(1_000_000_000))));
    }

    @Test
    void operations_need_a_seq_of_at_least_1() {
        List<Command.Builder> ofNoEvent = List.of(
                command().setEditMessage(EditMessage.newBuilder().setContent(text("new"))),
                command().setRecallMessage(RecallMessage.getDefaultInstance()),
                command().setReact(React.newBuilder().setReaction("👍")),
                command().setPinMessage(PinMessage.newBuilder().setSeq(-1)),
                command().setDeleteForMe(DeleteForMe.newBuilder().addSeqs(1).addSeqs(0)),
                command().setDeleteForMe(DeleteForMe.newBuilder().setUpToSeq(-1)));

        for (Command.Builder command : ofNoEvent) {
            assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, command.build());
        }
    }

    @Test
    void valid_operations_are_allowed() {
        List<Command.Builder> wellFormed = List.of(
                command().setEditMessage(EditMessage.newBuilder().setSeq(1).setContent(text("new"))),
                command().setRecallMessage(RecallMessage.newBuilder().setSeq(1)),
                command()
                        .setReact(React.newBuilder().setSeq(1).setReaction("👍").setRemove(true)),
                command().setPinMessage(PinMessage.newBuilder().setSeq(1).setUnpin(true)),
                command().setDeleteForMe(DeleteForMe.newBuilder().addSeqs(1)),
                command().setDeleteForMe(DeleteForMe.newBuilder().setUpToSeq(1)));

        for (Command.Builder command : wellFormed) {
            assertAccepted(command.build());
        }
    }

    @Test
    void the_content_and_mentions_of_an_edit_are_checked() {
        assertRefused(
                Refusal.Reason.CONTENT_EMPTY,
                command()
                        .setEditMessage(EditMessage.newBuilder().setSeq(1).setContent(text(" ")))
                        .build());
        assertRefused(
                Refusal.Reason.CONTENT_TOO_LARGE,
                command()
                        .setEditMessage(EditMessage.newBuilder().setSeq(1).setContent(text("x".repeat(70_000))))
                        .build());
        assertRefused(
                Refusal.Reason.INVALID_USER_ID,
                command()
                        .setEditMessage(EditMessage.newBuilder()
                                .setSeq(1)
                                .setContent(text("new"))
                                .setMentions(Mentions.newBuilder().addUserIds("")))
                        .build());
    }

    @Test
    void a_reaction_has_1_to_64_bytes_without_control_characters() {
        for (String bad : List.of("", "x".repeat(65), "😀".repeat(17), "a\nb")) {
            assertRefused(
                    Refusal.Reason.INVALID_ARGUMENT,
                    command()
                            .setReact(React.newBuilder().setSeq(1).setReaction(bad))
                            .build());
        }
    }

    @Test
    void deletions_name_1_to_100_events() {
        List<Long> tooMany = LongStream.rangeClosed(1, 101).boxed().toList();

        assertAccepted(command()
                .setDeleteForMe(DeleteForMe.newBuilder().addAllSeqs(tooMany.subList(0, 100)))
                .build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                command()
                        .setDeleteForMe(DeleteForMe.newBuilder().addAllSeqs(tooMany))
                        .build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                command().setDeleteForMe(DeleteForMe.getDefaultInstance()).build());
    }

    @Test
    void group_commands_need_a_group_and_friend_commands_a_private_conversation() {
        GroupCommand leave = GroupCommand.newBuilder()
                .setLeave(LeaveGroup.getDefaultInstance())
                .build();
        GroupCommand muteAll = GroupCommand.newBuilder()
                .setMuteAll(MuteAll.getDefaultInstance())
                .build();
        FriendCommand block = FriendCommand.newBuilder()
                .setBlock(BlockUser.getDefaultInstance())
                .build();
        assertAccepted(in("g:team").setGroup(leave).build());
        assertAccepted(in("r:room").setGroup(muteAll).build());
        assertAccepted(in("p:alice:bob").setFriend(block).build());
        assertWrongKind(in("p:alice:bob").setGroup(leave));
        assertWrongKind(in("r:room").setGroup(leave));
        assertWrongKind(in("b:all").setGroup(muteAll));
        assertWrongKind(in("g:team").setFriend(block));
        assertWrongKind(in("s:alice").setFriend(block));
    }

    @Test
    void gateways_subscribe_to_groups_and_rooms_without_an_actor() {
        SubscribeGateway subscribe =
                SubscribeGateway.newBuilder().setGatewaySlot(1).setSessions(0).build();

        assertAccepted(in("g:team").clearActor().setSubscribeGateway(subscribe).build());
        assertAccepted(in("r:room").clearActor().setSubscribeGateway(subscribe).build());
        assertWrongKind(in("p:alice:bob").clearActor().setSubscribeGateway(subscribe));
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                in("r:room")
                        .setSubscribeGateway(subscribe.toBuilder().setSessions(-1))
                        .build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                in("r:room")
                        .setSubscribeGateway(subscribe.toBuilder().setGatewaySlot(-1))
                        .build());
    }

    @Test
    void gateway_gone_has_no_conversation() {
        GatewayGone gone = GatewayGone.newBuilder().setGatewaySlot(1).build();

        assertAccepted(Command.newBuilder().setGatewayGone(gone).build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                in("r:room").setGatewayGone(gone).build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                Command.newBuilder()
                        .setGatewayGone(gone.toBuilder().setGatewaySlot(-1))
                        .build());
    }

    @Test
    void only_users_enter_rooms() {
        EnterRoom enter = EnterRoom.getDefaultInstance();

        assertAccepted(in("r:room").setEnterRoom(enter).build());
        assertWrongKind(in("g:team").setEnterRoom(enter));
        assertRefused(
                Refusal.Reason.INVALID_USER_ID,
                in("r:room").clearActor().setAsSystem(true).setEnterRoom(enter).build());
    }

    @Test
    void a_command_as_system_may_have_no_actor_but_no_invalid_one() {
        Command withoutActor = send("m1", text("hello")).toBuilder()
                .clearActor()
                .setAsSystem(true)
                .build();

        assertAccepted(withoutActor);
        assertRefused(
                Refusal.Reason.INVALID_USER_ID,
                withoutActor.toBuilder().setActor("no user").build());
        assertRefused(
                Refusal.Reason.INVALID_USER_ID,
                withoutActor.toBuilder().setAsSystem(false).build());
    }

    @Test
    void commands_about_the_actor_need_an_actor_also_as_system() {
        List<Command.Builder> aboutTheActor = List.of(
                command().setMarkRead(MarkRead.newBuilder().setSeq(1)),
                command().setDeleteForMe(DeleteForMe.newBuilder().addSeqs(1)),
                command().setReact(React.newBuilder().setSeq(1).setReaction("👍")),
                command().setFriend(FriendCommand.newBuilder().setBlock(BlockUser.getDefaultInstance())),
                in("g:team").setGroup(GroupCommand.newBuilder().setJoin(JoinGroup.getDefaultInstance())),
                in("g:team").setGroup(GroupCommand.newBuilder().setLeave(LeaveGroup.getDefaultInstance())));

        for (Command.Builder command : aboutTheActor) {
            assertAccepted(command.setAsSystem(true).build());
            assertRefused(Refusal.Reason.INVALID_USER_ID, command.clearActor().build());
        }
    }

    @Test
    void friend_commands_need_one_of_the_two_users_also_as_system() {
        FriendCommand block = FriendCommand.newBuilder()
                .setBlock(BlockUser.getDefaultInstance())
                .build();

        assertRefused(
                Refusal.Reason.NOT_A_MEMBER,
                command().setActor("carol").setAsSystem(true).setFriend(block).build());
    }

    @Test
    void rules_need_as_system_and_have_no_conversation() {
        Command.Builder rules = Command.newBuilder()
                .setAsSystem(true)
                .setRules(RulesCommand.newBuilder().addUnban("bob"));

        assertAccepted(rules.build());
        assertAccepted(rules.setActor("operator").build());
        assertRefused(Refusal.Reason.INVALID_USER_ID, rules.setActor("no user").build());
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                rules.clone().clearActor().setConversationId("g:team").build());
        assertRefused(
                Refusal.Reason.SYSTEM_ONLY,
                rules.clone().setActor("alice").setAsSystem(false).build());
    }

    /** A message that is forwarded from a conversation whose id has this many bytes. */
    private static Command forwarded(int bytes) {
        return message(send -> send.setForwardedFrom(ForwardedFrom.newBuilder().setConversationId("c".repeat(bytes))));
    }

    /** With words of 64 letters, which have 70 bytes each. */
    private static Command rulesWithWords(int words) {
        RulesCommand.Builder rules = RulesCommand.newBuilder();
        for (int i = 0; i < words; i++) {
            rules.addSetWords(
                    WordRule.newBuilder().setWord(String.format("%064d", i)).setAction(ModerationAction.MASK));
        }
        return Command.newBuilder().setAsSystem(true).setRules(rules).build();
    }

    private static void assertWrongKind(Command.Builder command) {
        assertRefused(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, command.build());
    }

    private static Command.Builder command() {
        return in("p:alice:bob");
    }

    private static Command.Builder in(String conversationId) {
        return Command.newBuilder().setConversationId(conversationId).setActor("alice");
    }

    private static Command message(UnaryOperator<SendMessage.Builder> more) {
        return command()
                .setSendMessage(
                        more.apply(SendMessage.newBuilder().setClientMsgId("m1").setContent(text("hello"))))
                .build();
    }

    private static void assertAccepted(Command command) {
        assertFalse(isRefused(command), () -> refusalOf(command).toString());
    }

    private static void assertRefused(Refusal.Reason reason, Command command) {
        assertEquals(reason, refusalOf(command).getReason());
    }

    private static boolean isRefused(Command command) {
        return CommandCheck.check(command) != null;
    }

    private static Refusal refusalOf(Command command) {
        Refusal refusal = CommandCheck.check(command);
        return refusal == null ? Refusal.getDefaultInstance() : refusal;
    }

    private static Command to(String conversationId, String actor) {
        return send("m1", text("hello")).toBuilder()
                .setConversationId(conversationId)
                .setActor(actor)
                .build();
    }

    private static Command send(String clientMsgId, Content content) {
        return Command.newBuilder()
                .setConversationId("p:alice:bob")
                .setActor("alice")
                .setSendMessage(
                        SendMessage.newBuilder().setClientMsgId(clientMsgId).setContent(content))
                .build();
    }

    private static Command markRead(long seq) {
        return Command.newBuilder()
                .setConversationId("p:alice:bob")
                .setActor("alice")
                .setMarkRead(MarkRead.newBuilder().setSeq(seq))
                .build();
    }

    private static Content text(String body) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(body))
                .build();
    }
}
