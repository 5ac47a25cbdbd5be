package dev.tidings.processors.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A record whose outcome is too large becomes a dead letter. */
class TooLargeTest {

    private static final String PAIR = "p:alice:bob";

    private final TopicLayout layout = new TopicLayout(1, 1, 2, (short) 1);
    private final DrivenTopology conversation = DrivenTopology.conversation(layout, StateStore.Kind.MEMORY);
    private final DrivenTopology inbox = DrivenTopology.inbox(layout, StateStore.Kind.MEMORY);
    private long millis = TestRecords.EPOCH_MILLIS;

    @AfterEach
    void close() {
        conversation.close();
        inbox.close();
    }

    @Test
    void a_command_whose_event_does_not_fit_is_refused_and_leaves_no_trace() {
        Command command = TestRecords.send(PAIR, "alice", "m1").toBuilder()
                .setOrigin(TestRecords.origin(1, "session", "frame"))
                .build();
        RecordHeaders tooMuch = new RecordHeaders();
        tooMuch.add("stranger", new byte[Limits.RECORD]);

        pipe(conversation, Topics.COMMANDS, PAIR, command, tooMuch);

        assertTrue(conversation.readValues(Topics.CONVERSATION_EVENTS).isEmpty());
        assertTrue(conversation.readValues(Topics.INBOX).isEmpty());
        assertEquals(1, conversation.read(Topics.DEAD_LETTERS).size());
        List<Delivery> answers = conversation.readValues(Topics.DELIVERIES);
        assertEquals(1, answers.size());
        assertEquals(command.getOrigin(), answers.getFirst().getAnswer().getOrigin());
        Refusal refusal = answers.getFirst().getAnswer().getRefusal();
        assertEquals(Refusal.Reason.COMMAND_TOO_LARGE, refusal.getReason());
        assertTrue(refusal.getMessage().contains("at most 1000000 are allowed"), refusal.getMessage());
        assertEquals(1, conversation.counted("record", "failed", "TOO_LARGE"));

        pipe(conversation, Topics.COMMANDS, PAIR, command, new RecordHeaders());

        assertEquals(
                1,
                conversation.readValues(Topics.CONVERSATION_EVENTS).getFirst().getSeq());
        assertTrue(!conversation
                .readValues(Topics.DELIVERIES)
                .getFirst()
                .getAnswer()
                .getSequenced()
                .getDuplicate());
    }

    @Test
    void rules_that_cannot_be_told_do_not_hold_in_memory_either() {
        RecordHeaders tooMuch = new RecordHeaders();
        tooMuch.add("stranger", new byte[Limits.RECORD]);
        Command ban = Command.newBuilder()
                .setCommandId("ban")
                .setAsSystem(true)
                .setOrigin(TestRecords.business("billing", "request"))
                .setRules(dev.tidings.v1.RulesCommand.newBuilder()
                        .addBan(dev.tidings.v1.Ban.newBuilder().setUserId("alice")))
                .build();

        pipe(conversation, Topics.COMMANDS, "", ban, tooMuch);
        pipe(conversation, Topics.COMMANDS, PAIR, TestRecords.send(PAIR, "alice", "m1"), new RecordHeaders());

        assertEquals(1, conversation.readValues(Topics.CONVERSATION_EVENTS).size());
    }

    @Test
    void a_user_command_over_its_limit_is_refused() {
        UserCommand sync = TestRecords.sync(
                "alice", TestRecords.origin(1, "session", "f".repeat(Limits.USER_COMMAND)), SyncMode.FULL, 0);

        pipe(inbox, Topics.USER_COMMANDS, "alice", sync, new RecordHeaders());

        Refusal refusal =
                inbox.readValues(Topics.DELIVERIES).getFirst().getUserAnswer().getRefusal();
        assertEquals(Refusal.Reason.COMMAND_TOO_LARGE, refusal.getReason());
        assertTrue(inbox.readValues(Topics.DEAD_LETTERS).isEmpty());
    }

    @Test
    void a_user_command_over_its_limit_that_nobody_waits_for_is_put_aside() {
        UserCommand undelivered = TestRecords.undelivered("alice", "s".repeat(Limits.USER_COMMAND), PAIR, 1);

        pipe(inbox, Topics.USER_COMMANDS, "alice", undelivered, new RecordHeaders());

        assertEquals(1, inbox.read(Topics.DEAD_LETTERS).size());
        assertTrue(inbox.readValues(Topics.DELIVERIES).isEmpty());
        assertEquals(1, inbox.counted("record", "failed", "UNREADABLE"));
    }

    @Test
    void a_business_value_whose_command_would_be_too_large_is_put_aside() {
        // three bytes of JSON are ten of protobuf
        String seqs = "-1,".repeat(130_000) + "-1";
        String json = "{\"requestId\":\"r1\",\"actor\":\"alice\",\"deleteForMe\":{\"conversationId\":\"p:alice:bob\","
                + "\"seqs\":[" + seqs + "]}}";
        RecordHeaders headers = new RecordHeaders();
        headers.add("source", "billing".getBytes(StandardCharsets.UTF_8));

        try (DrivenTopology intake = DrivenTopology.intake(layout)) {
            intake.pipeBytes(Topics.BUSINESS, null, json.getBytes(StandardCharsets.UTF_8), headers, millis);

            assertTrue(intake.readValues(Topics.COMMANDS).isEmpty());
            assertEquals(1, intake.read(Topics.DEAD_LETTERS).size());
            assertEquals(1, intake.counted("record", "failed", "TOO_LARGE"));
        }
    }

    private void pipe(
            DrivenTopology topology, Topic<String, ?> topic, String key, Message value, RecordHeaders headers) {
        millis += 1_000;
        topology.pipeBytes(topic, topic.key().serializer().serialize("", key), value.toByteArray(), headers, millis);
    }
}
