package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.ForgetEvents;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.React;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SubscribeGateway;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deletion of the state of rooms and groups, in steps that are bounded for each record. */
class RoomCleanupTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 2, 4, (short) 1);
    private static final String LOBBY = "r:lobby";

    private final DrivenTopology topology = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);
    private long seconds;
    private int commands;

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void the_events_of_an_emptied_room_are_deleted_in_bounded_steps() {
        subscribe(LOBBY, 1);
        fill(LOBBY, 2_000);
        topology.readBytes();

        subscribe(LOBBY, 0);

        // the window of ten minutes holds 1,024 of 2,000 entries
        long deleted = deletions();
        assertEquals(RecentEvents.WINDOW + 1, deleted, "with the subscriptions");
        assertDeleted();
    }

    @Test
    void a_step_deletes_at_most_half_as_many_entries_as_it_may_do_store_operations() {
        subscribe(LOBBY, 1);
        for (int i = 0; i < 3_000; i++) {
            // all in one second, so that the window keeps them all
            send(LOBBY, "sam", "m" + i, 0);
        }
        topology.readBytes();

        subscribe(LOBBY, 0);

        List<Command> steps = topology.readValues(Topics.COMMANDS);
        int perStep = Limits.STORE_OPERATIONS_PER_STEP / 2;
        assertEquals(3_000 / perStep, steps.size());
        assertEquals(
                IntStream.range(0, steps.size()).mapToObj(step -> 0L).toList(),
                steps.stream()
                        .map(step -> step.getForgetEvents().getGeneration())
                        .toList());
        assertDeleted();
    }

    @Test
    void five_hundred_rooms_of_a_dead_gateway_are_cleaned_up_in_bounded_steps() {
        for (int room = 0; room < 500; room++) {
            subscribe("r:room" + room, 1);
            fill("r:room" + room, 10);
        }
        topology.readBytes();

        pipe(
                "",
                "",
                command -> command.setGatewayGone(
                        GatewayGone.newBuilder().setGatewaySlot(1).setGatewayEpoch(1)));

        List<Command> steps = topology.readValues(Topics.COMMANDS);
        assertEquals(4, steps.stream().filter(Command::hasGatewayGone).count(), "100 rooms at once");
        long perRoom = 10;
        long operations = 500 * 2 * perRoom;
        long budget = steps.stream().filter(Command::hasForgetEvents).count() * Limits.STORE_OPERATIONS_PER_STEP
                + 5L * Limits.STORE_OPERATIONS_PER_STEP;
        assertTrue(operations <= budget);
        assertDeleted();
    }

    @Test
    void sequence_numbers_continue_and_new_messages_stay() {
        subscribe(LOBBY, 1);
        fill(LOBBY, 3);
        subscribe(LOBBY, 0);
        subscribe(LOBBY, 1);
        fill(LOBBY, 1);
        topology.readBytes();
        pipe(LOBBY, "", command -> command.setForgetEvents(ForgetEvents.newBuilder()));

        send(LOBBY, "sam", "m-again", 1);
        react(LOBBY, "sam", 4);

        List<ConversationEvent> events = topology.readValues(Topics.CONVERSATION_EVENTS);
        assertEquals(
                List.of(5L, 6L), events.stream().map(ConversationEvent::getSeq).toList());
    }

    @Test
    void the_current_generation_cannot_be_deleted() {
        subscribe(LOBBY, 1);
        fill(LOBBY, 3);
        topology.readBytes();

        pipe(LOBBY, "", command -> command.setForgetEvents(ForgetEvents.newBuilder()));

        assertEquals(1, topology.read(Topics.DEAD_LETTERS).size());
        react(LOBBY, "sam", 1);
        assertEquals(1, topology.readValues(Topics.CONVERSATION_EVENTS).size());
    }

    @Test
    void emptying_a_room_does_not_shed_a_mute() {
        subscribe(LOBBY, 1);
        pipe(
                LOBBY,
                "",
                command -> command.setAsSystem(true)
                        .setGroup(GroupCommand.newBuilder()
                                .setMuteMember(
                                        MuteMember.newBuilder().setUserId("sam").setUntil(TestRecords.at(10_000)))));
        subscribe(LOBBY, 0);
        subscribe(LOBBY, 1);
        topology.readBytes();

        send(LOBBY, "sam", "m1", 1);

        assertEquals(List.of(), topology.readValues(Topics.CONVERSATION_EVENTS));
    }

    @Test
    void dissolving_a_group_costs_the_same_for_any_number_of_members() {
        pipe(
                "g:team",
                "user0",
                command -> command.setGroup(GroupCommand.newBuilder()
                        .setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setName("The team")))));
        for (int from = 1; from < 20_000; from += 1_000) {
            List<String> users = IntStream.range(from, from + 1_000)
                    .mapToObj(i -> "user" + i)
                    .toList();
            pipe(
                    "g:team",
                    "user0",
                    command -> command.setGroup(GroupCommand.newBuilder()
                            .setAddMembers(AddMembers.newBuilder().addAllUserIds(users))));
        }
        topology.readBytes();

        pipe(
                "g:team",
                "user0",
                command -> command.setGroup(GroupCommand.newBuilder().setDissolve(DissolveGroup.newBuilder())));

        // group and entry
        assertEquals(2, changes());
    }

    @Test
    void the_reactions_of_an_old_message_are_deleted_in_bounded_steps() {
        InMemoryConversation conversation = new InMemoryConversation();
        conversation.evolve(TestRecords.sent("g:team", 1, "olga", "m1"));
        for (int seq = 2; seq <= 501; seq++) {
            conversation.evolve(TestRecords.sent("g:team", seq, "", "").toBuilder()
                    .clearMessageSent()
                    .setReactionChanged(ReactionChanged.newBuilder()
                            .setSeq(1)
                            .setUserId("user" + seq)
                            .setReaction("+"))
                    .setCommandId("react" + seq)
                    .build());
        }
        int events = 501;
        while (conversation.reactionsKept() > 0) {
            int before = conversation.reactionsKept();
            events++;
            conversation.evolve(TestRecords.sent("g:team", events, "olga", "m" + events));
            assertTrue(before - conversation.reactionsKept() <= 32);
            assertTrue(events < 3_000, "they are forgotten in the end");
        }
        assertNull(conversation.entry(1));
    }

    private void assertDeleted() {
        assertOnlyHeads(topology);
    }

    /** Asserts that the topology has no state but heads of conversations. */
    static void assertOnlyHeads(DrivenTopology topology) {
        topology.contents()
                .forEach((store, contents) -> assertEquals(
                        List.of(),
                        contents.stream()
                                .filter(record -> !record.contains(" = head {"))
                                .toList(),
                        store));
    }

    private long deletions() {
        return topology.readBytes().entrySet().stream()
                .filter(written -> topology.storeOf(written.getKey()) != null)
                .flatMap(written -> written.getValue().stream())
                .filter(record -> record.value() == null)
                .filter(record -> !new String(record.key(), StandardCharsets.UTF_8).startsWith("1"))
                .count();
    }

    private long changes() {
        return topology.readBytes().entrySet().stream()
                .filter(written -> topology.storeOf(written.getKey()) != null)
                .mapToLong(written -> written.getValue().size())
                .sum();
    }

    private void fill(String room, int messages) {
        for (int i = 0; i < messages; i++) {
            send(room, "sam", "m" + ++commands, 1);
        }
    }

    private void send(String conversationId, String actor, String clientMsgId, long afterSeconds) {
        seconds += afterSeconds;
        pipe(
                conversationId,
                actor,
                command -> command.setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId(clientMsgId)
                        .setContent(TestRecords.text("says " + clientMsgId))));
    }

    private void react(String conversationId, String actor, long seq) {
        pipe(
                conversationId,
                actor,
                command -> command.setReact(React.newBuilder().setSeq(seq).setReaction("+")));
    }

    private void subscribe(String room, int sessions) {
        pipe(
                room,
                "",
                command -> command.setSubscribeGateway(SubscribeGateway.newBuilder()
                        .setGatewaySlot(1)
                        .setGatewayEpoch(1)
                        .setSessions(sessions)));
    }

    private void pipe(String conversationId, String actor, UnaryOperator<Command.Builder> body) {
        Command command = body.apply(Command.newBuilder())
                .setCommandId("command" + ++commands)
                .setConversationId(conversationId)
                .setActor(actor)
                .build();
        topology.pipeBytes(
                Topics.COMMANDS,
                Topics.COMMANDS.key().serializer().serialize("", conversationId),
                command.toByteArray(),
                new RecordHeaders(),
                TestRecords.EPOCH_MILLIS + seconds * 1000);
    }
}
