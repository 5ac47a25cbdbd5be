package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tidings.v1.CardContent;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.CustomContent;
import dev.tidings.v1.EncryptedContent;
import dev.tidings.v1.FileContent;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.VideoContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandCheckTest {

    private static final MediaReference MEDIA =
            MediaReference.newBuilder().setUrl("https://media.example/1").build();

    @Test
    void nothing_speaks_against_a_well_formed_command() {
        assertAccepted(send("m1", text("hello")));
        assertAccepted(markRead(1));
        assertAccepted(send("m1", text("hello")).toBuilder()
                .setConversationId("g:team")
                .build());
    }

    @Test
    void the_conversation_id_must_be_one() {
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, to("", "alice"));
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, to("p:bob:alice", "alice"));
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, to("q:team", "alice"));
    }

    @Test
    void a_refused_conversation_id_is_named_and_cut_short() {
        Refusal refusal = refusalOf(to("z".repeat(5_000), "alice"));

        assertTrue(refusal.getMessage().contains("z".repeat(80) + "…"), refusal.getMessage());
        assertTrue(refusal.getMessage().length() < 300);
    }

    @Test
    void a_refused_conversation_id_is_not_cut_inside_a_character() {
        Refusal refusal = refusalOf(to("z".repeat(79) + "😀😀", "alice"));

        String message = refusal.getMessage();
        assertEquals(message, new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }

    @Test
    void nobody_converses_with_oneself() {
        assertRefused(Refusal.Reason.CONVERSATION_WITH_ONESELF, to("p:alice:alice", "alice"));
    }

    @Test
    void the_actor_must_have_a_user_id() {
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
    @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
    void a_text_is_not_blank(String body) {
        assertRefused(Refusal.Reason.CONTENT_EMPTY, send("m1", text(body)));
    }

    @Test
    void content_has_something_in_it() {
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
    void every_kind_of_content_can_be_sent() {
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
    void reading_begins_at_the_first_event() {
        assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, markRead(0));
        assertRefused(Refusal.Reason.SEQ_OUT_OF_RANGE, markRead(-1));
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
