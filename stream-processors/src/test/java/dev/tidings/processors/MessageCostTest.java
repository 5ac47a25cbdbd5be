package dev.tidings.processors;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.send;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.processors.inbox.state.SyncClock;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MarkDelivered;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts the records that a private message and its receipts cost, by topic and changelog. */
class MessageCostTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 2, (short) 1);
    private static final String PAIR = "p:alice:bob";

    private final DrivenTopology conversation = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);
    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);
    private int seconds;

    @BeforeEach
    void open_sessions_and_send_two_messages() {
        inbox.pipe(Topics.USER_COMMANDS, "alice", open("alice", session("a", "phone", 0, 1)), now());
        inbox.pipe(Topics.USER_COMMANDS, "bob", open("bob", session("b", "phone", 1, 1)), now());
        decide(send(PAIR, "alice", "m1"));
        decide(send(PAIR, "bob", "m2"));
        apply(sent(PAIR, 1, "alice", "m1"), "alice", "bob");
        apply(sent(PAIR, 2, "bob", "m2"), "alice", "bob");
    }

    @AfterEach
    void close() {
        conversation.close();
        inbox.close();
    }

    @Test
    void a_private_message_writes_no_user_event() {
        assertEquals(
                Map.of(Topics.CONVERSATION_EVENTS.name(), 1, Topics.INBOX.name(), 1, "sequences", 1),
                decide(send(PAIR, "alice", "m3")));
        assertEquals(
                Map.of(Topics.DELIVERIES.name(), 2, "views", 2), apply(sent(PAIR, 3, "alice", "m3"), "alice", "bob"));
    }

    @Test
    void a_read_position_is_a_fact_of_its_reader_only() {
        Map<String, Integer> cost = apply(read(PAIR, "bob", 2, 2), "alice", "bob");

        assertEquals(Map.of(Topics.DELIVERIES.name(), 2, Topics.USER_EVENTS.name(), 1, "views", 2), cost);
    }

    @Test
    void a_message_that_carries_a_receipt_costs_what_a_message_costs() {
        Map<String, Integer> plainDecision = decide(send(PAIR, "alice", "m3"));
        Map<String, Integer> plainView = apply(sent(PAIR, 3, "alice", "m3"), "alice", "bob");

        Command carrying =
                send(PAIR, "bob", "m4").toBuilder().setDeliveredSeq(3).build();
        ConversationEvent event =
                sent(PAIR, 4, "bob", "m4").toBuilder().setDeliveredSeq(3).build();

        assertEquals(plainDecision, decide(carrying));
        assertEquals(plainView, apply(event, "alice", "bob"));
    }

    @Test
    void a_receipt_of_its_own_concerns_only_the_peer() {
        Command command = Command.newBuilder()
                .setCommandId("receipt")
                .setConversationId(PAIR)
                .setActor("bob")
                .setMarkDelivered(MarkDelivered.newBuilder().setSeq(2))
                .build();
        assertEquals(
                Map.of(Topics.CONVERSATION_EVENTS.name(), 1, Topics.INBOX.name(), 1, "members", 1), decide(command));

        Map<String, Integer> view = apply(receipt(2), "alice");

        assertEquals(Map.of(Topics.DELIVERIES.name(), 1, "views", 1), view);
    }

    @Test
    void a_receipt_that_is_known_costs_nothing_in_inbox() {
        apply(receipt(1), "alice");

        assertEquals(Map.of(Topics.DELIVERIES.name(), 1), apply(receipt(1), "alice"));
    }

    private static ConversationEvent receipt(long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(PAIR)
                .setDeliveredAdvanced(
                        DeliveredAdvanced.newBuilder().setUserId("bob").setDeliveredSeq(seq))
                .build();
    }

    private Map<String, Integer> decide(Command command) {
        conversation.pipe(Topics.COMMANDS, PAIR, command, now());
        return counts(conversation);
    }

    private Map<String, Integer> apply(ConversationEvent event, String... recipients) {
        inbox.pipe(
                Topics.INBOX,
                0,
                InboxRecord.newBuilder()
                        .setEvent(event)
                        .addAllRecipients(List.of(recipients))
                        .build(),
                now());
        return counts(inbox);
    }

    private long now() {
        return EPOCH_MILLIS + 1_000L * ++seconds;
    }

    /**
     * The number of records written since the last call, by topic, or by store for changelogs. Leaves out the clock, which is written
     * once per commit.
     */
    private static Map<String, Integer> counts(DrivenTopology topology) {
        Map<String, Integer> counts = new TreeMap<>();
        topology.readBytes().forEach((topic, records) -> {
            String store = topology.storeOf(topic);
            if (!SyncClock.STORE.name().equals(store)) {
                counts.put(store == null ? topic : store, records.size());
            }
        });
        return counts;
    }
}
