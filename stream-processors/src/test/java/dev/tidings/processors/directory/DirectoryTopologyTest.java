package dev.tidings.processors.directory;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.serde.BusinessReplySerde;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.Command;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.EnableUser;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import dev.tidings.v1.WordRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests changes of the directory from the record of a business system to the topics that DIRECTORY writes. */
class DirectoryTopologyTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 2, (short) 1);

    private final DrivenTopology intake = DrivenTopology.intake(LAYOUT);
    private final DrivenTopology conversation = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);
    private final DrivenTopology directory = DrivenTopology.directory(LAYOUT);
    private final List<TestRecord<String, DirectoryCommand>> commands = new ArrayList<>();

    @AfterEach
    void close_drivers() {
        intake.close();
        conversation.close();
        directory.close();
    }

    @Test
    void a_business_system_adds_users_and_gets_a_reply_for_each() {
        business(put("alice", "Alice"), put("not an id", "Bob"), put("yu", "小雨"));

        List<TestRecord<String, UserProfile>> profiles = directory.read(Topics.DIRECTORY);
        assertEquals(
                List.of("alice", "yu"), profiles.stream().map(TestRecord::key).toList());
        assertEquals("小雨", profiles.get(1).value().getDisplayName());
        List<TestRecord<String, BusinessReply>> replies = directory.read(Topics.BUSINESS_REPLIES);
        assertEquals(
                List.of("r1", "r1", "r1"), replies.stream().map(TestRecord::key).toList());
        assertTrue(replies.get(0).value().hasApplied());
        assertEquals("alice", replies.get(0).value().getUserId());
        assertEquals("crm", replies.get(0).value().getSource());
        assertEquals(BusinessReplySerde.JSON, header(replies.get(0), BusinessReplySerde.CONTENT_TYPE));
        assertEquals("crm", header(replies.get(0), BusinessReplySerde.SOURCE));
        assertEquals(
                Refusal.Reason.INVALID_USER_ID,
                replies.get(1).value().getRefusal().getReason());
        assertTrue(replies.get(2).value().hasApplied());
    }

    @Test
    void a_repeated_request_changes_nothing() {
        business(put("alice", "Alice"));
        directory.readBytes();

        business(put("alice", "Alice"));

        assertEquals(List.of(), directory.read(Topics.DIRECTORY));
        assertTrue(directory.readValues(Topics.BUSINESS_REPLIES).getFirst().hasUnchanged());
    }

    @Test
    void a_request_with_no_or_too_many_changes_is_refused_and_a_dead_letter() {
        business(manyUsers(100));
        assertEquals(100, directory.read(Topics.DIRECTORY).size());

        business(manyUsers(101));
        business();

        assertEquals(2, intake.read(Topics.DEAD_LETTERS).size());
        assertEquals(
                List.of(
                        "changes of changeUsers has 101 entries; 1 to 100 are allowed",
                        "changes of changeUsers has 0 entries; 1 to 100 are allowed"),
                intake.readValues(Topics.BUSINESS_REPLIES).stream()
                        .map(reply -> reply.getRefusal().getMessage())
                        .toList());
        assertEquals(List.of(), directory.read(Topics.DIRECTORY));
    }

    @Test
    void the_longest_change_of_a_business_system_is_refused_and_not_a_dead_letter() {
        business(put("x".repeat(130_000), "y".repeat(130_000)));

        assertEquals(
                Refusal.Reason.INVALID_USER_ID,
                directory
                        .readValues(Topics.BUSINESS_REPLIES)
                        .getFirst()
                        .getRefusal()
                        .getReason());
        assertEquals(List.of(), directory.read(Topics.DEAD_LETTERS));
    }

    @Test
    void a_disabled_user_is_written_for_gateways_and_an_enabled_one_again() {
        business(put("alice", "Alice"));

        business(change("alice").setDisable(DisableUser.getDefaultInstance()));
        TestRecord<String, Ban> disabled = directory.read(Topics.BANS).getFirst();
        business(change("alice").setEnable(EnableUser.getDefaultInstance()));
        TestRecord<String, Ban> enabled = directory.read(Topics.BANS).getFirst();

        List<TestRecord<String, AuditRecord>> audit = directory.read(Topics.AUDIT);
        assertEquals(
                List.of("user.disable", "user.enable"),
                audit.stream().map(act -> act.value().getAction()).toList());
        assertEquals("user:alice", audit.getFirst().key());
        assertEquals(AuditRecord.Result.APPLIED, audit.getFirst().value().getResult());
        assertEquals("disabled:alice", disabled.key());
        assertEquals(disabled.key(), BanSubject.of(disabled.value()));
        assertFalse(disabled.value().hasUntil());
        assertEquals(disabled.key(), enabled.key());
        assertEquals(0, enabled.value().getUntil().getSeconds());
    }

    @Test
    void a_session_gets_a_reply_by_its_gateway_slot() {
        DirectoryCommand command = DirectoryCommand.newBuilder()
                .setActor("alice")
                .setOrigin(TestRecords.origin(1, "s1", "f1"))
                .setUser(change("alice").setPatch(PatchUser.newBuilder().setDisplayName("Alice")))
                .build();

        directory.pipe(Topics.DIRECTORY_COMMANDS, "alice", command, EPOCH_MILLIS);

        TestRecord<Integer, Delivery> reply = directory.read(Topics.DELIVERIES).getFirst();
        assertEquals(1, reply.key());
        assertTrue(reply.value().getUserAnswer().hasApplied());
        assertEquals(command.getOrigin(), reply.value().getUserAnswer().getOrigin());
    }

    @Test
    void the_words_of_the_operator_apply_to_names() {
        conversation.pipe(
                Topics.COMMANDS,
                "",
                Command.newBuilder()
                        .setAsSystem(true)
                        .setOrigin(TestRecords.business("ops", "r0"))
                        .setRules(RulesCommand.newBuilder()
                                .addSetWords(
                                        WordRule.newBuilder().setWord("casino").setAction(ModerationAction.REFUSE)))
                        .build(),
                EPOCH_MILLIS);
        conversation
                .read(Topics.DIRECTORY_COMMANDS)
                .forEach(rules -> directory.pipe(Topics.DIRECTORY_COMMANDS, "", rules.value(), EPOCH_MILLIS));

        business(put("alice", "Casino Alice"));

        assertEquals(
                Refusal.Reason.CONTENT_REFUSED,
                directory
                        .readValues(Topics.BUSINESS_REPLIES)
                        .getFirst()
                        .getRefusal()
                        .getReason());
    }

    @Test
    void a_replay_of_the_commands_gives_the_same_directory() {
        business(put("alice", "Alice"), put("bob", "Bob"));
        business(change("alice").setDisable(DisableUser.getDefaultInstance()), put("alice", "Al"));
        List<UserProfile> live = directory.readValues(Topics.DIRECTORY);

        try (DrivenTopology replay = DrivenTopology.directory(LAYOUT)) {
            commands.forEach(command ->
                    replay.pipe(Topics.DIRECTORY_COMMANDS, command.key(), command.value(), command.timestamp()));

            assertEquals(live, replay.readValues(Topics.DIRECTORY));
            assertEquals(directory.contents(), replay.contents());
        }
        assertEquals(4, live.size());
    }

    @Test
    void a_command_under_the_key_of_another_user_is_a_dead_letter() {
        DirectoryCommand command = DirectoryCommand.newBuilder()
                .setAsSystem(true)
                .setUser(put("alice", "Alice"))
                .build();

        directory.pipe(Topics.DIRECTORY_COMMANDS, "bob", command, EPOCH_MILLIS);

        assertEquals(1, directory.read(Topics.DEAD_LETTERS).size());
        assertEquals(List.of(), directory.read(Topics.DIRECTORY));
    }

    /** Pipes a request through INTAKE to DIRECTORY. */
    private void business(UserChange.Builder... changes) {
        ChangeUsers.Builder users = ChangeUsers.newBuilder();
        for (UserChange.Builder change : changes) {
            users.addChanges(change);
        }
        BusinessCommand request = BusinessCommand.newBuilder()
                .setRequestId("r1")
                .setAsSystem(true)
                .setChangeUsers(users)
                .build();
        intake.pipeBytes(
                Topics.BUSINESS,
                null,
                bytes(ProtoJson.print(request)),
                new RecordHeaders().add("source", bytes("crm")),
                EPOCH_MILLIS + commands.size());
        for (TestRecord<String, DirectoryCommand> command : intake.read(Topics.DIRECTORY_COMMANDS)) {
            commands.add(command);
            directory.pipe(Topics.DIRECTORY_COMMANDS, command.key(), command.value(), command.timestamp());
        }
    }

    private static UserChange.Builder[] manyUsers(int count) {
        UserChange.Builder[] changes = new UserChange.Builder[count];
        for (int i = 0; i < count; i++) {
            changes[i] = put("user-" + i, "User " + i);
        }
        return changes;
    }

    private static UserChange.Builder put(String userId, String name) {
        return change(userId).setPut(PutUser.newBuilder().setDisplayName(name));
    }

    private static UserChange.Builder change(String userId) {
        return UserChange.newBuilder().setUserId(userId);
    }

    private static String header(TestRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
