package dev.tidings.ops.erasure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.ops.erasure.RecordRedaction.LogRecord;
import dev.tidings.ops.erasure.RecordRedaction.Outcome;
import dev.tidings.schemas.Topics;
import dev.tidings.state.v1.EditedPreview;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.SequenceRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.ErasedMessage;
import dev.tidings.v1.ErasedUser;
import dev.tidings.v1.Erasure;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Notification;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserProfile;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Records of each kind that can have words of an erased message or user. */
class RecordRedactionTest {

    private static final String PAIR = "p:alice:bob";
    private static final String SECRET = "SECRET-word";
    private static final long NOW = 1_700_000_000_000L;

    private final RecordRedaction redaction = new RecordRedaction(new ErasedSubjects(List.of(
            Erasure.newBuilder()
                    .setAt(Timestamps.fromMillis(NOW))
                    .setMessage(ErasedMessage.newBuilder()
                            .setConversationId(PAIR)
                            .setSeq(7)
                            .setMessageId("message-7")
                            .setSender("bob")
                            .setClientMsgId("m7"))
                    .build(),
            Erasure.newBuilder()
                    .setAt(Timestamps.fromMillis(NOW))
                    .setUser(ErasedUser.newBuilder().setUserId("alice"))
                    .build())));

    @Test
    void deliveries_lose_the_content_of_an_erased_message() throws Exception {
        Delivery delivery = Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setEvent(sent(PAIR, 7, "bob")))
                .build();

        byte[] changed = changed(Topics.DELIVERIES.name(), "", delivery);

        assertEquals(7, Delivery.parseFrom(changed).getEvent().getEvent().getSeq());
    }

    @Test
    void a_forwarded_copy_loses_its_content() {
        ConversationEvent copy = sent("g:team", 3, "carol").toBuilder()
                .setMessageSent(message("carol")
                        .setForwardedFrom(ForwardedFrom.newBuilder()
                                .setConversationId(PAIR)
                                .setSeq(7)))
                .build();

        changed(Topics.CONVERSATION_EVENTS.name(), "g:team", copy);
    }

    @Test
    void previews_and_excerpts_in_the_state_are_found_by_their_keys() throws Exception {
        MessagePreview preview = MessagePreview.newBuilder()
                .setSeq(7)
                .setSender("bob")
                .setText(SECRET)
                .build();
        changed(
                "tidings-inbox-views-changelog",
                "bob\0" + PAIR,
                ViewRecord.newBuilder().setLastMessage(preview).build());
        byte[] entry = changed(
                "tidings-conversation-sequences-changelog",
                PAIR + "\0" + "0000000000000007",
                SequenceRecord.newBuilder()
                        .setEntry(EntryRecord.newBuilder().setSender("bob").setExcerpt(SECRET))
                        .build());
        assertEquals("bob", SequenceRecord.parseFrom(entry).getEntry().getSender());
        changed(
                "tidings-inbox-group-heads-changelog",
                PAIR,
                GroupHeadRecord.newBuilder()
                        .addEdited(EditedPreview.newBuilder().setSeq(7).setText(SECRET))
                        .build());
    }

    @Test
    void drafts_of_an_erased_user_and_notes_of_their_friend_requests_are_removed() {
        changed(
                "tidings-inbox-views-changelog",
                "alice\0" + PAIR,
                ViewRecord.newBuilder().setDraft(SECRET).build());
        ViewRecord.Builder ofPeer = ViewRecord.newBuilder();
        ofPeer.getRelationBuilder().setRequestReceived(true).setRequestNote(SECRET);
        changed("tidings-inbox-views-changelog", "bob\0" + PAIR, ofPeer.build());
    }

    @Test
    void notifications_cases_and_profiles_lose_their_words() throws Exception {
        changed(
                Topics.NOTIFICATIONS.name(),
                "bob",
                Notification.newBuilder()
                        .setConversationId("g:team")
                        .setSender("alice")
                        .setBody(SECRET)
                        .build());
        changed(
                Topics.MODERATION.name(),
                PAIR,
                ModerationCase.newBuilder()
                        .setConversationId(PAIR)
                        .setMessageSeq(7)
                        .setContent(content())
                        .build());
        byte[] profile = changed(
                Topics.DIRECTORY.name(),
                "alice",
                UserProfile.newBuilder()
                        .setUserId("alice")
                        .setDisplayName(SECRET)
                        .setDisabled(true)
                        .setVersion(5)
                        .build());
        UserProfile kept = UserProfile.parseFrom(profile);
        assertEquals("", kept.getDisplayName());
        assertEquals(5, kept.getVersion());
        assertTrue(kept.getDisabled());
    }

    @Test
    void audit_records_about_an_erased_user_lose_their_detail() throws Exception {
        AuditRecord put = AuditRecord.newBuilder()
                .setAction("user.put")
                .addUserIds("alice")
                .setDetail(SECRET)
                .build();

        byte[] changed = changed(Topics.AUDIT.name(), "user:alice", put);

        assertEquals("user.put", AuditRecord.parseFrom(changed).getAction());
    }

    @Test
    void requests_in_json_lose_their_content_and_stay_json() {
        String json = "{\"requestId\":\"r1\",\"actor\":\"bob\",\"sendMessage\":{\"conversationId\":\"" + PAIR
                + "\",\"clientMsgId\":\"m7\",\"content\":{\"text\":{\"body\":\"" + SECRET + "\"}}}}";

        Outcome.Changed changed = assertInstanceOf(
                Outcome.Changed.class, redaction.redact(record(Topics.BUSINESS.name(), "", json.getBytes(UTF_8))));

        String text = new String(changed.value(), UTF_8);
        assertTrue(text.startsWith("{\"requestId\":\"r1\""), text);
        assertFalse(text.contains(SECRET), text);
    }

    @Test
    void a_dead_letter_of_unknown_format_is_removed_if_it_names_an_erased_message_or_user() {
        assertInstanceOf(Outcome.Removed.class, letter("x message-7 y".getBytes(UTF_8)));
        assertInstanceOf(Outcome.Removed.class, letter("x alice y".getBytes(UTF_8)));
        assertInstanceOf(Outcome.Removed.class, letter("\"alice\"".getBytes(UTF_8)));
        assertInstanceOf(Outcome.Removed.class, letter(new byte[] {'z', 5, 'a', 'l', 'i', 'c', 'e', 'z'}));
        assertInstanceOf(Outcome.Unchanged.class, letter("x bob y".getBytes(UTF_8)));
    }

    @Test
    void a_dead_letter_with_a_longer_id_stays() {
        assertInstanceOf(Outcome.Unchanged.class, letter("x malice alice2 message-77 y".getBytes(UTF_8)));
    }

    @Test
    void a_dead_letter_that_can_be_read_is_removed_only_if_it_has_words_of_an_erased_subject() {
        byte[] ofAlice = command("alice").toByteArray();
        byte[] ofBob = command("bob").toByteArray();

        assertInstanceOf(Outcome.Removed.class, letterOf(Topics.COMMANDS.name(), ofAlice));
        assertInstanceOf(Outcome.Unchanged.class, letterOf(Topics.COMMANDS.name(), ofBob));
    }

    @Test
    void other_messages_stay() {
        LogRecord record = record(
                Topics.CONVERSATION_EVENTS.name(), PAIR, sent(PAIR, 8, "bob").toByteArray());

        assertInstanceOf(Outcome.Unchanged.class, redaction.redact(record));
    }

    private Outcome letter(byte[] value) {
        return redaction.redact(record(Topics.DEAD_LETTERS.name(), "", value));
    }

    private Outcome letterOf(String topic, byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        for (String header : List.of("topic", "partition", "offset", "reason")) {
            String of = header.equals("topic") ? topic : "0";
            headers.add("tidings." + header, of.getBytes(UTF_8));
        }
        return redaction.redact(new LogRecord(Topics.DEAD_LETTERS.name(), headers, new byte[0], value, NOW));
    }

    private static Command command(String actor) {
        return Command.newBuilder()
                .setCommandId("c-" + actor)
                .setConversationId(PAIR)
                .setActor(actor)
                .setSendMessage(SendMessage.newBuilder().setClientMsgId("m1").setContent(content()))
                .build();
    }

    /** Redacts a record with the secret, and returns its new value, which has not. */
    private byte[] changed(String topic, String key, Message value) {
        Outcome.Changed changed = assertInstanceOf(
                Outcome.Changed.class, redaction.redact(record(topic, key, value.toByteArray())), topic);
        assertFalse(new String(changed.value(), UTF_8).contains(SECRET), topic);
        return changed.value();
    }

    private static LogRecord record(String topic, String key, byte[] value) {
        return new LogRecord(topic, new RecordHeaders(), key.getBytes(UTF_8), value, NOW);
    }

    private static ConversationEvent sent(String conversationId, long seq, String sender) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageSent(message(sender))
                .build();
    }

    private static MessageSent.Builder message(String sender) {
        return MessageSent.newBuilder().setSender(sender).setContent(content());
    }

    private static Content content() {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(SECRET))
                .build();
    }
}
