package dev.tidings.processors.intake;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.Command;
import dev.tidings.v1.RulesCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests to many users are carried out in steps. The test holds each step back until it is asked for. */
class IntakeStepsTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 1, (short) 1);
    private static final int STEP = IntakeProcessor.STEP_COMMANDS;

    /** The steps that INTAKE has written, in a topic that it does not read. */
    private static final String STEPS = "tidings.steps-held-back";

    private DrivenTopology intake = started();

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void a_request_to_many_users_is_written_in_steps_and_other_requests_pass_between_them() {
        sendToMany("news", users(0, 2 * STEP + 1));
        List<Command> first = written();
        rules();
        List<Command> between = written();

        assertEquals(conversations(0, STEP), conversationsOf(first));
        assertTrue(between.getFirst().hasRules());
        assertEquals(conversations(STEP, 2 * STEP), conversationsOf(afterStep()));
        assertEquals(conversations(2 * STEP, 2 * STEP + 1), conversationsOf(afterStep()));
        assertEquals(List.of(), steps());
    }

    @Test
    void the_ids_of_the_commands_are_those_of_their_place_in_the_request() {
        sendToMany("news", users(0, STEP + 2));
        List<Command> commands =
                Stream.concat(written().stream(), afterStep().stream()).toList();

        assertEquals(
                IntStream.range(0, STEP + 2)
                        .mapToObj(index -> CommandId.ofRecord("tidings.business", 0, 0, index, EPOCH_MILLIS))
                        .toList(),
                commands.stream().map(Command::getCommandId).toList());
    }

    @Test
    void a_later_message_to_a_user_of_the_rest_does_not_overtake() {
        int last = 2 * STEP - 1;
        sendToMany("news", users(0, 2 * STEP));
        written();

        send("reminder", user(last));

        assertEquals(List.of("news", "reminder"), messages(written()));
        List<Command> rest = afterStep();
        assertEquals(STEP - 1, rest.size());
        assertTrue(!conversationsOf(rest).contains(conversation(last)), "each command is written once");
    }

    @Test
    void two_requests_to_the_same_users_keep_their_order_for_each_user() {
        List<String> users = users(0, 3 * STEP);
        sendToMany("first", users);
        sendToMany("second", users.reversed());
        while (stepped()) {
            // until all steps are done
        }

        TreeMap<String, List<String>> byConversation = new TreeMap<>();
        written()
                .forEach(command -> byConversation.merge(
                        command.getConversationId(),
                        messages(List.of(command)),
                        (some, more) ->
                                Stream.concat(some.stream(), more.stream()).toList()));
        assertEquals(users.size(), byConversation.size());
        byConversation.forEach(
                (conversation, messages) -> assertEquals(List.of("first", "second"), messages, conversation));
    }

    @Test
    void a_restored_task_continues_where_the_last_one_was() {
        sendToMany("news", users(0, 3 * STEP));
        send("reminder", user(3 * STEP - 1));
        written();
        TestRecord<Integer, Long> next = steps().getFirst();
        restart();

        pipe(next);

        assertEquals(conversations(STEP, 2 * STEP), conversationsOf(written()));
        assertEquals(conversations(2 * STEP, 3 * STEP - 1), conversationsOf(afterStep()));
    }

    @Test
    void a_step_of_a_finished_request_writes_nothing() {
        sendToMany("news", users(0, STEP + 1));
        TestRecord<Integer, Long> step = steps().getFirst();
        pipe(step);
        written();

        pipe(step);

        assertEquals(List.of(), written());
        assertEquals(List.of(), steps());
    }

    @Test
    void a_step_that_is_no_offset_becomes_a_dead_letter() {
        intake.pipeBytes(Topics.INTAKE_STEPS, null, new byte[3], new RecordHeaders(), EPOCH_MILLIS);

        assertEquals(1, intake.read(Topics.DEAD_LETTERS).size());
    }

    @Test
    void one_request_more_than_may_be_pending_is_written_at_once_and_in_order() {
        for (int request = 0; request < PendingRequests.MAX_REQUESTS; request++) {
            sendToMany("news-" + request, users(0, STEP + 1));
        }
        written();

        sendToMany("one more", users(0, STEP + 1));

        List<Command> commands = written();
        assertEquals(STEP + 1 + PendingRequests.MAX_REQUESTS, commands.size());
        assertEquals("one more", messages(commands).getLast());
        assertEquals("news-0", messages(commands).get(STEP), "the rest of the others comes before the last command");
    }

    private static DrivenTopology started() {
        return DrivenTopology.intake(IntakeTopology.build(StateStore.Kind.MEMORY, SourceRights.ALL, STEPS), LAYOUT);
    }

    /** Replaces the task by one with the state of its changelogs. */
    private void restart() {
        TreeMap<String, TreeMap<Bytes, byte[]>> changelogs = new TreeMap<>();
        intake.readBytes().forEach((topic, records) -> {
            String store = intake.storeOf(topic);
            if (store != null) {
                records.forEach(record -> changelogs
                        .computeIfAbsent(store, first -> new TreeMap<>())
                        .put(Bytes.wrap(record.key()), record.value()));
            }
        });
        intake.close();
        intake = started();
        changelogs.forEach(intake::restore);
    }

    private List<Command> afterStep() {
        assertTrue(stepped(), "a step waits");
        return written();
    }

    /** Carries out the steps that wait. Returns false if there are none. */
    private boolean stepped() {
        List<TestRecord<Integer, Long>> steps = steps();
        steps.forEach(this::pipe);
        return !steps.isEmpty();
    }

    /** Returns the steps that INTAKE has written since the last call. */
    private List<TestRecord<Integer, Long>> steps() {
        return intake.read(STEPS, Topics.INTAKE_STEPS);
    }

    private void pipe(TestRecord<Integer, Long> step) {
        intake.pipe(Topics.INTAKE_STEPS, step.key(), step.value(), EPOCH_MILLIS + 1);
    }

    private List<Command> written() {
        return intake.readValues(Topics.COMMANDS);
    }

    private void sendToMany(String clientMsgId, List<String> users) {
        pipe(BusinessCommand.newBuilder()
                .setSendToMany(BusinessSendToMany.newBuilder()
                        .addAllUserIds(users)
                        .setClientMsgId(clientMsgId)
                        .setContent(TestRecords.text("news"))));
    }

    private void send(String clientMsgId, String user) {
        pipe(BusinessCommand.newBuilder()
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId("p:shop:" + user)
                        .setClientMsgId(clientMsgId)
                        .setContent(TestRecords.text("reminder"))));
    }

    private void rules() {
        pipe(BusinessCommand.newBuilder()
                .setAsSystem(true)
                .setRules(RulesCommand.newBuilder().addUnban("bob")));
    }

    private void pipe(BusinessCommand.Builder request) {
        Headers headers = new RecordHeaders()
                .add("source", "billing".getBytes(StandardCharsets.UTF_8))
                .add("content-type", "application/x-protobuf".getBytes(StandardCharsets.UTF_8));
        byte[] value = request.setRequestId("r1").setActor("shop").build().toByteArray();
        intake.pipeBytes(Topics.BUSINESS, null, value, headers, EPOCH_MILLIS);
    }

    private static List<String> users(int from, int to) {
        return IntStream.range(from, to).mapToObj(IntakeStepsTest::user).toList();
    }

    /** After "shop" in the order of ids. */
    private static String user(int number) {
        return "user-" + number;
    }

    private static String conversation(int number) {
        return "p:shop:" + user(number);
    }

    private static List<String> conversations(int from, int to) {
        return IntStream.range(from, to).mapToObj(IntakeStepsTest::conversation).toList();
    }

    private static List<String> conversationsOf(List<Command> commands) {
        return commands.stream().map(Command::getConversationId).toList();
    }

    private static List<String> messages(List<Command> commands) {
        return commands.stream()
                .map(command -> command.getSendMessage().getClientMsgId())
                .toList();
    }
}
