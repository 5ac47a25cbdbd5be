package dev.tidings.processors.conversation;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.business;
import static dev.tidings.processors.TestRecords.markRead;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.send;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Answer;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ReadHead;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.WordRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConversationTopologyTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 4, 3, (short) 1);
    private static final Origin ORIGIN = origin(2, "s1", "f1");
    private static final String ALICE = "alice";
    private static final String APART = userIn(false);
    private static final String TOGETHER = userIn(true);
    private static final String PAIR = ConversationId.between(ALICE, APART).toString();

    private final DrivenTopology conversation = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);

    @AfterEach
    void close() {
        conversation.close();
    }

    @Test
    void a_message_becomes_an_event_at_the_time_of_its_command() {
        pipe(1, send(PAIR, ALICE, "m1"));

        TestRecord<String, ?> event =
                conversation.read(Topics.CONVERSATION_EVENTS).getFirst();
        assertEquals(PAIR, event.key());
        assertEquals(sent(PAIR, 1, ALICE, "m1"), event.value());
        assertEquals(EPOCH_MILLIS + 1000, event.timestamp());
    }

    @Test
    void users_in_two_inbox_partitions_get_one_record_each_in_their_partitions() {
        pipe(1, fromOrigin(send(PAIR, ALICE, "m1"), ORIGIN));

        List<TestRecord<Integer, InboxRecord>> inbox = conversation.read(Topics.INBOX);
        assertEquals(2, inbox.size());
        for (TestRecord<Integer, InboxRecord> record : inbox) {
            assertEquals(1, record.value().getRecipientsCount());
            assertEquals(partitionOf(record.value().getRecipients(0)), record.key());
            assertEquals(sent(PAIR, 1, ALICE, "m1"), record.value().getEvent());
            assertEquals("s1", record.value().getOriginSessionId());
            assertEquals(EPOCH_MILLIS + 1000, record.timestamp());
        }
        assertTrue(inbox.get(0).key() < inbox.get(1).key());
    }

    @Test
    void users_in_one_inbox_partition_get_one_record_together() {
        ConversationId.Private pair = ConversationId.between(ALICE, TOGETHER);
        pipe(1, send(pair.toString(), ALICE, "m1"));

        List<TestRecord<Integer, InboxRecord>> inbox = conversation.read(Topics.INBOX);
        assertEquals(1, inbox.size());
        assertEquals(partitionOf(ALICE), inbox.getFirst().key());
        assertEquals(pair.users(), inbox.getFirst().value().getRecipientsList());
    }

    @Test
    void the_sender_gets_the_seq_as_answer() {
        pipe(1, fromOrigin(send(PAIR, ALICE, "m1"), ORIGIN));

        List<TestRecord<Integer, Delivery>> deliveries = conversation.read(Topics.DELIVERIES);
        assertEquals(1, deliveries.size());
        assertEquals(2, deliveries.getFirst().key());
        assertEquals(
                Delivery.newBuilder()
                        .setGatewaySlot(2)
                        .setAnswer(Answer.newBuilder()
                                .setOrigin(ORIGIN)
                                .setCommandId("send-alice-m1")
                                .setSequenced(Sequenced.newBuilder()
                                        .setConversationId(PAIR)
                                        .setSeq(1)
                                        .setMessageId("send-alice-m1")
                                        .setSentAt(at(1))))
                        .build(),
                deliveries.getFirst().value());
    }

    @Test
    void the_answer_says_that_the_carried_receipt_is_recorded() {
        pipe(1, send(PAIR, APART, "m1"));
        Command reply = send(PAIR, ALICE, "m2").toBuilder().setDeliveredSeq(1).build();

        pipe(2, fromOrigin(reply, ORIGIN));
        pipe(3, fromOrigin(reply, ORIGIN));

        assertEquals(
                List.of(1L, 0L),
                conversation.readValues(Topics.DELIVERIES).stream()
                        .map(delivery -> delivery.getAnswer().getDeliveredSeq())
                        .toList());
        assertEquals(
                1, conversation.readValues(Topics.CONVERSATION_EVENTS).getLast().getDeliveredSeq());
    }

    @Test
    void a_receipt_goes_to_the_peer_only() {
        pipe(1, send(PAIR, ALICE, "m1"));
        conversation.readBytes();
        Command receipt = Command.newBuilder()
                .setCommandId("receipt")
                .setConversationId(PAIR)
                .setActor(APART)
                .setMarkDelivered(MarkDelivered.newBuilder().setSeq(1))
                .build();

        pipe(2, receipt);

        assertEquals(
                List.of(List.of(ALICE)),
                conversation.readValues(Topics.INBOX).stream()
                        .map(InboxRecord::getRecipientsList)
                        .map(List::copyOf)
                        .toList());
    }

    @Test
    void the_sender_gets_the_masked_content_that_the_others_see() {
        Command.Builder rules = Command.newBuilder()
                .setCommandId("rules")
                .setAsSystem(true)
                .setRules(RulesCommand.newBuilder()
                        .addSetWords(WordRule.newBuilder().setWord("damn").setAction(ModerationAction.MASK)));
        pipe(1, rules.build());
        Command edit = Command.newBuilder()
                .setCommandId("edit")
                .setConversationId(PAIR)
                .setActor(ALICE)
                .setEditMessage(EditMessage.newBuilder().setSeq(1).setContent(text("well, damn it")))
                .build();

        pipe(2, fromOrigin(send(PAIR, ALICE, "m1", text("damn it")), ORIGIN));
        pipe(3, fromOrigin(edit, ORIGIN));
        pipe(4, fromOrigin(send(PAIR, ALICE, "m2"), ORIGIN));

        List<Sequenced> answers = conversation.readValues(Topics.DELIVERIES).stream()
                .map(delivery -> delivery.getAnswer().getSequenced())
                .toList();
        assertEquals(
                List.of(text("**** it"), text("well, **** it")),
                answers.stream()
                        .filter(Sequenced::getMasked)
                        .map(Sequenced::getMaskedContent)
                        .toList());
        assertEquals(
                List.of(1L, 2L, 3L), answers.stream().map(Sequenced::getSeq).toList());
        assertFalse(answers.get(2).hasMaskedContent());
    }

    @Test
    void a_repeated_message_is_answered_with_the_first_seq_and_leads_to_one_event() {
        pipe(1, send(PAIR, ALICE, "m1"));
        pipe(2, send(PAIR, ALICE, "m2"));
        conversation.readBytes();

        Command again =
                send(PAIR, ALICE, "m1").toBuilder().setCommandId("again").build();
        pipe(3, fromOrigin(again, ORIGIN));

        Answer answer = conversation.readValues(Topics.DELIVERIES).getFirst().getAnswer();
        assertEquals("again", answer.getCommandId());
        assertEquals(1, answer.getSequenced().getSeq());
        assertEquals("send-alice-m1", answer.getSequenced().getMessageId());
        assertEquals(at(1), answer.getSequenced().getSentAt());
        assertTrue(answer.getSequenced().getDuplicate());
        assertTrue(conversation.readBytes().isEmpty());
    }

    @Test
    void a_refusal_goes_to_the_sender_of_the_command_only() {
        pipe(1, fromOrigin(send(PAIR, "mallory", "m1"), ORIGIN));

        Answer answer = conversation.readValues(Topics.DELIVERIES).getFirst().getAnswer();
        assertEquals(Refusal.Reason.NOT_A_MEMBER, answer.getRefusal().getReason());
        assertEquals(ORIGIN, answer.getOrigin());
        assertTrue(conversation.readBytes().isEmpty());
    }

    @Test
    void refusals_are_counted_by_reason() {
        Command late = send(PAIR, ALICE, "m1");
        pipe(
                9,
                late.toBuilder()
                        .setSendMessage(late.getSendMessage().toBuilder().setExpiresAt(at(8)))
                        .build());
        pipe(10, send(PAIR, ALICE, "m2"));
        pipe(11, send(PAIR, "mallory", "m1"));
        pipe(12, send(PAIR, "mallory", "m2"));

        assertEquals(1, conversation.counted("refusal", "refused", "EXPIRED"));
        assertEquals(2, conversation.counted("refusal", "refused", "NOT_A_MEMBER"));
        assertEquals(0, conversation.counted("refusal", "refused", "MUTED"));
    }

    @Test
    void a_read_position_goes_to_both_users_and_is_not_answered() {
        pipe(1, send(PAIR, ALICE, "m1"));
        conversation.readBytes();

        pipe(2, fromOrigin(markRead(PAIR, APART, 1), ORIGIN));

        assertEquals(
                List.of(0L),
                conversation.readValues(Topics.CONVERSATION_EVENTS).stream()
                        .map(event -> event.getSeq())
                        .toList());
        assertEquals(2, conversation.readValues(Topics.INBOX).size());
        assertTrue(conversation.readValues(Topics.DELIVERIES).isEmpty());
    }

    @Test
    void a_read_position_of_a_request_without_a_session_is_answered() {
        Origin unary = ORIGIN.toBuilder().setUnary(true).build();
        pipe(1, send(PAIR, ALICE, "m1"));
        conversation.readBytes();

        pipe(2, fromOrigin(markRead(PAIR, APART, 1), unary));
        pipe(3, fromOrigin(markRead(PAIR, APART, 1), unary));

        assertEquals(
                List.of(false, true),
                conversation.readValues(Topics.DELIVERIES).stream()
                        .map(delivery -> delivery.getAnswer().getApplied().getUnchanged())
                        .toList());
    }

    @Test
    void reading_again_writes_nothing() {
        pipe(1, send(PAIR, ALICE, "m1"));
        pipe(2, markRead(PAIR, APART, 1));
        conversation.readBytes();

        pipe(3, fromOrigin(markRead(PAIR, APART, 1), ORIGIN));

        assertTrue(conversation.readBytes().isEmpty());
    }

    @Test
    void a_business_system_gets_a_reply_to_each_command_and_no_gateway_does() {
        Origin billing = business("billing", "r1");
        pipe(1, fromOrigin(send(PAIR, ALICE, "m1"), billing));
        pipe(2, fromOrigin(send(PAIR, ALICE, "m1"), billing));
        pipe(3, fromOrigin(send(PAIR, "mallory", "m1"), billing));
        pipe(4, fromOrigin(markRead(PAIR, APART, 1), billing));
        pipe(5, fromOrigin(markRead(PAIR, APART, 1), billing));

        List<TestRecord<String, BusinessReply>> replies = conversation.read(Topics.BUSINESS_REPLIES);
        assertEquals(
                List.of("sequenced", "sequenced", "refusal", "applied", "unchanged"),
                replies.stream()
                        .map(reply -> reply.value().getOutcomeCase().name().toLowerCase(Locale.ROOT))
                        .toList());
        for (TestRecord<String, BusinessReply> reply : replies) {
            assertEquals("r1", reply.key());
            assertEquals("r1", reply.value().getRequestId());
            assertEquals("billing", reply.value().getSource());
        }
        Sequenced first = replies.get(0).value().getSequenced();
        assertEquals(1, first.getSeq());
        assertEquals(
                first.toBuilder().setDuplicate(true).build(),
                replies.get(1).value().getSequenced());
        assertEquals("send-alice-m1", replies.get(0).value().getCommandId());
        assertEquals(
                Refusal.Reason.NOT_A_MEMBER, replies.get(2).value().getRefusal().getReason());
        assertTrue(conversation.readValues(Topics.DELIVERIES).isEmpty());
    }

    @Test
    void a_business_system_reads_the_head_of_a_conversation() {
        pipe(1, send(PAIR, ALICE, "m1"));
        Command query = Command.newBuilder()
                .setCommandId("q1")
                .setConversationId(PAIR)
                .setAsSystem(true)
                .setReadHead(ReadHead.getDefaultInstance())
                .build();

        pipe(2, fromOrigin(query, business("billing", "r1")));
        pipe(3, fromOrigin(query, ORIGIN));

        assertEquals(
                1,
                conversation
                        .readValues(Topics.BUSINESS_REPLIES)
                        .getFirst()
                        .getHead()
                        .getLastSeq());
        assertEquals(
                1,
                conversation
                        .readValues(Topics.DELIVERIES)
                        .getLast()
                        .getAnswer()
                        .getHead()
                        .getLastSeq());
        assertTrue(conversation.readValues(Topics.AUDIT).isEmpty());
    }

    @Test
    void a_reply_has_the_source_and_the_format_of_its_request() {
        Origin.Builder json = business("billing", "r1").toBuilder();
        json.getBusinessBuilder().setJson(true);
        pipe(1, fromOrigin(send(PAIR, ALICE, "m1"), json.build()));
        pipe(2, fromOrigin(send(PAIR, ALICE, "m2"), business("crm", "r2")));

        List<TestRecord<String, BusinessReply>> replies = conversation.read(Topics.BUSINESS_REPLIES);
        assertEquals(
                List.of("billing application/json", "crm application/x-protobuf"),
                replies.stream()
                        .map(reply -> header(reply, "source") + ' ' + header(reply, "content-type"))
                        .toList());
        assertEquals(
                List.of(1L, 2L),
                replies.stream()
                        .map(reply -> reply.value().getSequenced().getSeq())
                        .toList());
    }

    private static String header(TestRecord<String, BusinessReply> reply, String name) {
        return new String(reply.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void a_message_of_a_business_system_reaches_every_device_of_its_actor() {
        pipe(1, fromOrigin(send(PAIR, ALICE, "m1"), business("billing", "r1")));

        conversation
                .readValues(Topics.INBOX)
                .forEach(inbox -> assertTrue(inbox.getOriginSessionId().isEmpty()));
    }

    @Test
    void an_answer_to_an_invalid_gateway_slot_is_dropped_and_the_message_is_accepted() {
        for (int slot : new int[] {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            pipe(1, fromOrigin(send(PAIR, ALICE, "m" + slot), origin(slot, "s1", "f1")));
        }

        assertTrue(conversation.readValues(Topics.DELIVERIES).isEmpty());
        assertTrue(conversation.readValues(Topics.DEAD_LETTERS).isEmpty());
        assertEquals(
                IntStream.rangeClosed(1, 4).mapToObj(Long::valueOf).toList(),
                conversation.readValues(Topics.CONVERSATION_EVENTS).stream()
                        .map(event -> event.getSeq())
                        .toList());
    }

    @Test
    void the_outputs_of_a_command_have_its_traceparent() {
        Headers headers = new RecordHeaders().add("traceparent", bytes("00-abc"));

        conversation.pipeBytes(
                Topics.COMMANDS, bytes(PAIR), send(PAIR, ALICE, "m1").toByteArray(), headers, EPOCH_MILLIS);

        for (Topic<?, ?> topic : List.of(Topics.CONVERSATION_EVENTS, Topics.INBOX)) {
            List<Headers> outputs = conversation.read(topic).stream()
                    .map(output -> output.headers())
                    .toList();
            assertFalse(outputs.isEmpty(), topic::name);
            outputs.forEach(
                    output -> assertEquals(headers.lastHeader("traceparent"), output.lastHeader("traceparent")));
        }
    }

    @Test
    void bytes_that_are_no_command_go_to_the_dead_letters_unchanged_and_the_topology_continues() {
        byte[] key = bytes(PAIR);
        byte[] value = {(byte) 0xFF, 0x01, (byte) 0xFE};
        Headers headers = new RecordHeaders().add("traceparent", bytes("00-abc"));

        conversation.pipeBytes(Topics.COMMANDS, key, value, headers, EPOCH_MILLIS);

        assertDeadLetter(key, value, headers);
        assertContinues();
    }

    @Test
    void a_command_without_a_body_goes_to_the_dead_letters() {
        byte[] value =
                send(PAIR, ALICE, "m1").toBuilder().clearSendMessage().build().toByteArray();
        Headers headers = new RecordHeaders().add("source", bytes("billing"));

        conversation.pipeBytes(Topics.COMMANDS, bytes(PAIR), value, headers, EPOCH_MILLIS);

        assertDeadLetter(bytes(PAIR), value, headers);
        assertContinues();
    }

    @Test
    void a_command_under_another_key_than_its_conversation_goes_to_the_dead_letters() {
        byte[] value = send(PAIR, ALICE, "m1").toByteArray();

        conversation.pipeBytes(Topics.COMMANDS, bytes("p:a:b"), value, new RecordHeaders(), EPOCH_MILLIS);

        assertDeadLetter(bytes("p:a:b"), value, new RecordHeaders());
        assertContinues();
    }

    @Test
    void a_record_without_a_key_or_a_value_does_not_stop_the_topology() {
        conversation.pipeBytes(
                Topics.COMMANDS, null, send(PAIR, ALICE, "m1").toByteArray(), new RecordHeaders(), EPOCH_MILLIS);
        conversation.pipeBytes(Topics.COMMANDS, bytes(PAIR), null, new RecordHeaders(), EPOCH_MILLIS);

        assertEquals(2, conversation.read(Topics.DEAD_LETTERS).size());
        assertContinues();
    }

    @Test
    void an_unreadable_record_does_not_change_the_state() {
        pipe(1, send(PAIR, ALICE, "m1"));
        var before = conversation.contents();

        conversation.pipeBytes(Topics.COMMANDS, bytes(PAIR), new byte[] {1}, new RecordHeaders(), EPOCH_MILLIS);
        pipe(2, send(PAIR, ALICE, "m2").toBuilder().clearSendMessage().build());

        assertEquals(before, conversation.contents());
    }

    @Test
    void only_the_beginning_of_a_text_is_kept_and_nothing_of_a_recalled_one() {
        pipe(1, send(PAIR, ALICE, "m1", text("beginning " + "x".repeat(160) + " a-secret")));
        assertTrue(conversation.contents().toString().contains("beginning"));
        assertFalse(conversation.contents().toString().contains("a-secret"));

        pipe(
                2,
                Command.newBuilder()
                        .setCommandId("recall")
                        .setConversationId(PAIR)
                        .setActor(ALICE)
                        .setRecallMessage(RecallMessage.newBuilder().setSeq(1))
                        .build());

        assertFalse(conversation.contents().toString().contains("beginning"));
    }

    private void assertDeadLetter(byte[] key, byte[] value, Headers headers) {
        List<TestRecord<byte[], byte[]>> letters = conversation.read(Topics.DEAD_LETTERS);
        assertEquals(1, letters.size());
        assertArrayEquals(key, letters.getFirst().key());
        assertArrayEquals(value, letters.getFirst().value());
        headers.forEach(header ->
                assertEquals(header, letters.getFirst().headers().lastHeader(header.key()), "header " + header.key()));
        assertTrue(
                letters.getFirst().headers().lastHeader("tidings.reason").value().length > 0,
                () -> "a reason in " + letters.getFirst().headers());
    }

    private void assertContinues() {
        pipe(9, send(PAIR, ALICE, "next"));
        assertEquals(
                1,
                conversation.readValues(Topics.CONVERSATION_EVENTS).getFirst().getSeq());
    }

    private void pipe(long seconds, Command command) {
        conversation.pipe(Topics.COMMANDS, command.getConversationId(), command, EPOCH_MILLIS + seconds * 1000);
    }

    private static Command fromOrigin(Command command, Origin origin) {
        return command.toBuilder().setOrigin(origin).build();
    }

    private static int partitionOf(String userId) {
        return UserId.inboxPartition(userId, LAYOUT.users());
    }

    private static String userIn(boolean partitionOfAlice) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "bob" + i)
                .filter(user -> (partitionOf(user) == partitionOf(ALICE)) == partitionOfAlice)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
