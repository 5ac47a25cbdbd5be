package dev.tidings.processors.intake;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.TestSeed;
import dev.tidings.processors.intake.Mutations.Made;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.serde.GatewayRequests;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.Command;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GetPresenceRequest;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.ListConversationsRequest;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.Origin;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Random tests print their seed; {@code -Dtidings.seed=<seed>} repeats it. */
@Execution(ExecutionMode.CONCURRENT)
class IntakeTopologyTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 1, (short) 1);
    private static final int KAFKA_RECORD_BYTES = 1_048_576;

    private static final BusinessCommand SEND = BusinessCommand.newBuilder()
            .setRequestId("r1")
            .setActor("shop")
            .setSendMessage(BusinessSend.newBuilder()
                    .setConversationId("p:alice:shop")
                    .setClientMsgId("order-1")
                    .setContent(TestRecords.text("your order")))
            .build();

    private static final Origin JSON_ORIGIN = Origin.newBuilder()
            .setBusiness(BusinessOrigin.newBuilder()
                    .setSource("billing")
                    .setRequestId("r1")
                    .setJson(true))
            .build();

    private final DrivenTopology intake = DrivenTopology.intake(LAYOUT);
    private final DrivenTopology conversation = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);

    @AfterEach
    void close() {
        intake.close();
        conversation.close();
    }

    @Test
    void json_becomes_a_command_keyed_by_conversation_with_an_id_from_its_position() {
        intake.pipeBytes(Topics.BUSINESS, bytes("any key"), json(SEND), headers(), EPOCH_MILLIS);

        TestRecord<String, Command> command = intake.read(Topics.COMMANDS).getFirst();
        assertEquals("p:alice:shop", command.key());
        assertEquals(EPOCH_MILLIS, command.timestamp());
        assertEquals(
                TestRecords.send("p:alice:shop", "shop", "order-1", TestRecords.text("your order")).toBuilder()
                        .setCommandId(CommandId.ofRecord("tidings.business", 0, 0, EPOCH_MILLIS))
                        .setOrigin(JSON_ORIGIN)
                        .build(),
                command.value());
    }

    @Test
    void protobuf_becomes_the_same_command_with_another_id() {
        Headers protobuf = headers().add("content-type", bytes("application/x-protobuf"));

        intake.pipeBytes(Topics.BUSINESS, null, json(SEND), headers(), EPOCH_MILLIS);
        intake.pipeBytes(Topics.BUSINESS, null, SEND.toByteArray(), protobuf, EPOCH_MILLIS);

        List<Command> commands = intake.readValues(Topics.COMMANDS);
        assertEquals(2, commands.stream().map(Command::getCommandId).distinct().count());
        assertEquals(
                1,
                commands.stream()
                        .map(command -> command.toBuilder()
                                .clearCommandId()
                                .clearOrigin()
                                .build())
                        .distinct()
                        .count());
        assertEquals(
                List.of(true, false),
                commands.stream()
                        .map(command -> command.getOrigin().getBusiness().getJson())
                        .toList());
    }

    @Test
    void a_wrong_request_gets_a_refusal_that_names_the_field_in_its_format() {
        byte[] misspelled = bytes("{\"requestId\":\"r1\",\"author\":\"shop\"}");
        byte[] withoutBody = SEND.toBuilder().clearBody().build().toByteArray();
        intake.pipeBytes(Topics.BUSINESS, null, misspelled, headers(), EPOCH_MILLIS);
        intake.pipeBytes(
                Topics.BUSINESS,
                null,
                withoutBody,
                headers().add("content-type", bytes("application/x-protobuf")),
                EPOCH_MILLIS);

        List<TestRecord<String, BusinessReply>> replies = intake.read(Topics.BUSINESS_REPLIES);
        assertEquals(2, replies.size());
        BusinessReply first = replies.getFirst().value();
        assertEquals("r1", replies.getFirst().key());
        assertEquals("billing", first.getSource());
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, first.getRefusal().getReason());
        assertTrue(first.getRefusal().getMessage().contains("author"), first.getRefusal()::getMessage);
        assertEquals(
                List.of("application/json", "application/x-protobuf"),
                replies.stream()
                        .map(reply -> new String(
                                reply.headers().lastHeader("content-type").value(), StandardCharsets.UTF_8))
                        .toList());
        assertEquals(2, intake.read(Topics.DEAD_LETTERS).size());
        assertTrue(intake.read(Topics.COMMANDS).isEmpty());
    }

    @Test
    void a_request_without_the_right_to_it_is_refused_and_in_the_audit_log() {
        SourceRights rights = SourceRights.from(Settings.of(Map.of("business.sources.billing", "bodies=mark_read")));
        try (DrivenTopology limited =
                DrivenTopology.intake(IntakeTopology.build(StateStore.Kind.MEMORY, rights), LAYOUT)) {
            limited.pipeBytes(Topics.BUSINESS, null, json(SEND), headers(), EPOCH_MILLIS);

            Refusal refusal =
                    limited.readValues(Topics.BUSINESS_REPLIES).getFirst().getRefusal();
            assertEquals(Refusal.Reason.NOT_ALLOWED, refusal.getReason());
            assertEquals(
                    "source \"billing\" may not send requests with send_message; allowed are mark_read",
                    refusal.getMessage());
            AuditRecord audit = limited.readValues(Topics.AUDIT).getFirst();
            assertEquals("business.send_message", audit.getAction());
            assertEquals("source:billing", audit.getTarget());
            assertEquals(AuditRecord.Result.REFUSED, audit.getResult());
            assertTrue(limited.read(Topics.COMMANDS).isEmpty());
            assertTrue(limited.read(Topics.DEAD_LETTERS).isEmpty());
        }
    }

    @Test
    void a_ban_until_a_time_that_has_passed_is_refused_and_in_the_audit_log() {
        BusinessCommand ban = BusinessCommand.newBuilder()
                .setRequestId("r1")
                .setAsSystem(true)
                .setRules(RulesCommand.newBuilder()
                        .addBan(Ban.newBuilder().setUserId("mallory").setUntil(Timestamps.fromMillis(EPOCH_MILLIS))))
                .build();
        intake.pipeBytes(Topics.BUSINESS, null, json(ban), headers(), EPOCH_MILLIS);

        Refusal refusal = intake.readValues(Topics.BUSINESS_REPLIES).getFirst().getRefusal();
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, refusal.getReason());
        assertEquals(
                "until of the ban of user:mallory is " + Timestamps.toString(Timestamps.fromMillis(EPOCH_MILLIS))
                        + "; a time in the future, or none, is allowed",
                refusal.getMessage());
        AuditRecord audit = intake.readValues(Topics.AUDIT).getFirst();
        assertEquals("rules.ban", audit.getAction());
        assertEquals("user:mallory", audit.getTarget());
        assertEquals(AuditRecord.Result.REFUSED, audit.getResult());
        assertTrue(intake.read(Topics.COMMANDS).isEmpty());

        intake.pipeBytes(Topics.BUSINESS, null, json(ban), headers(), EPOCH_MILLIS - 1);
        assertEquals(1, intake.read(Topics.COMMANDS).size());
    }

    @Test
    void a_repeated_ban_is_decided_again_and_gets_its_first_reply_when_it_is_over() {
        BusinessCommand ban = ban("r1", "mallory", 60);
        intake.pipeBytes(Topics.BUSINESS, null, json(ban), headers(), EPOCH_MILLIS);
        assertEquals(1, intake.read(Topics.COMMANDS).size());

        intake.pipeBytes(Topics.BUSINESS, null, json(ban), headers(), EPOCH_MILLIS + 1_000);
        assertEquals(1, intake.read(Topics.COMMANDS).size());
        intake.readBytes();

        intake.pipeBytes(
                Topics.BUSINESS,
                null,
                ban.toByteArray(),
                headers().add("content-type", bytes("application/x-protobuf")),
                EPOCH_MILLIS + 61_000);

        List<BusinessReply> replies = intake.readValues(Topics.BUSINESS_REPLIES);
        assertEquals(1, replies.size());
        assertTrue(replies.getFirst().hasApplied(), replies::toString);
        assertEquals("r1", replies.getFirst().getRequestId());
        assertTrue(intake.read(Topics.COMMANDS).isEmpty());
        assertTrue(intake.read(Topics.AUDIT).isEmpty());
    }

    @Test
    void another_ban_that_is_over_is_refused_under_a_known_request_id() {
        intake.pipeBytes(Topics.BUSINESS, null, json(ban("r1", "mallory", 60)), headers(), EPOCH_MILLIS);
        intake.readBytes();

        intake.pipeBytes(Topics.BUSINESS, null, json(ban("r1", "trudy", 60)), headers(), EPOCH_MILLIS + 61_000);
        intake.pipeBytes(
                Topics.BUSINESS,
                null,
                json(ban("r1", "mallory", 60)),
                new RecordHeaders().add("source", bytes("other")),
                EPOCH_MILLIS + 61_000);

        List<BusinessReply> replies = intake.readValues(Topics.BUSINESS_REPLIES);
        assertEquals(2, replies.size());
        assertTrue(replies.stream().allMatch(BusinessReply::hasRefusal), replies::toString);
    }

    @Test
    void a_ban_that_was_refused_is_no_first_request() {
        BusinessCommand invalid = ban("r1", "no user", 60);
        intake.pipeBytes(Topics.BUSINESS, null, json(invalid), headers(), EPOCH_MILLIS);
        intake.readBytes();

        intake.pipeBytes(Topics.BUSINESS, null, json(invalid), headers(), EPOCH_MILLIS + 61_000);

        assertTrue(intake.readValues(Topics.BUSINESS_REPLIES).getFirst().hasRefusal());
    }

    @Test
    void the_newest_bans_are_recognized_and_older_ones_forgotten() {
        int more = BanRequests.MAX_REQUESTS + 1;
        for (int i = 0; i < more; i++) {
            intake.pipeBytes(Topics.BUSINESS, null, json(ban("r" + i, "mallory", 60)), headers(), EPOCH_MILLIS);
        }
        intake.readBytes();

        intake.pipeBytes(Topics.BUSINESS, null, json(ban("r0", "mallory", 60)), headers(), EPOCH_MILLIS + 61_000);
        intake.pipeBytes(Topics.BUSINESS, null, json(ban("r1", "mallory", 60)), headers(), EPOCH_MILLIS + 61_000);

        List<BusinessReply> replies = intake.readValues(Topics.BUSINESS_REPLIES);
        assertTrue(replies.get(0).hasRefusal(), replies::toString);
        assertTrue(replies.get(1).hasApplied(), replies::toString);
        assertEquals(
                BanRequests.MAX_REQUESTS,
                intake.contents().getOrDefault("ban-requests", List.of()).size());
    }

    private static BusinessCommand ban(String requestId, String userId, long untilSeconds) {
        return BusinessCommand.newBuilder()
                .setRequestId(requestId)
                .setAsSystem(true)
                .setRules(RulesCommand.newBuilder()
                        .addBan(Ban.newBuilder()
                                .setUserId(userId)
                                .setUntil(Timestamps.fromMillis(EPOCH_MILLIS + untilSeconds * 1_000))))
                .build();
    }

    @Test
    void a_query_of_conversations_is_a_sync_of_one_page_for_the_actor() {
        BusinessCommand query = BusinessCommand.newBuilder()
                .setRequestId("r1")
                .setActor("alice")
                .setListConversations(ListConversationsRequest.newBuilder().setAfter(7))
                .build();

        intake.pipeBytes(Topics.BUSINESS, null, json(query), headers(), EPOCH_MILLIS);

        TestRecord<String, UserCommand> command =
                intake.read(Topics.USER_COMMANDS).getFirst();
        assertEquals("alice", command.key());
        assertEquals(
                UserCommand.newBuilder()
                        .setUserId("alice")
                        .setSyncRequest(SyncRequest.newBuilder()
                                .setOrigin(JSON_ORIGIN.toBuilder().setUnary(true))
                                .setMode(SyncMode.FULL)
                                .setAfterVersion(7))
                        .build(),
                command.value());
        assertTrue(intake.read(Topics.COMMANDS).isEmpty());
    }

    @Test
    void a_query_of_presence_is_a_command_for_each_different_user() {
        intake.pipeBytes(Topics.BUSINESS, null, json(presence(true, "bob", "alice", "bob")), headers(), EPOCH_MILLIS);

        List<UserCommand> commands = intake.readValues(Topics.USER_COMMANDS);
        assertEquals(
                List.of("bob", "alice"),
                commands.stream().map(UserCommand::getUserId).toList());
        assertEquals(
                WatchPresence.newBuilder()
                        .setOrigin(JSON_ORIGIN.toBuilder().setUnary(true))
                        .setMode(WatchPresence.Mode.ONCE)
                        .setVisibility(WatchPresence.Visibility.SYSTEM)
                        .build(),
                commands.getFirst().getWatchPresence());
    }

    static Stream<Arguments> wrongQueries() {
        BusinessCommand.Builder list = BusinessCommand.newBuilder().setRequestId("r1");
        return Stream.of(
                Arguments.of(presence(false, "bob"), "getPresence needs asSystem"),
                Arguments.of(presence(true), "userIds of getPresence has 0 entries; 1 to 200 are allowed"),
                Arguments.of(
                        presence(
                                true,
                                IntStream.rangeClosed(0, QueryExpansion.MAX_USERS)
                                        .mapToObj(i -> "u" + i)
                                        .toArray(String[]::new)),
                        "userIds of getPresence has 201 entries; 1 to 200 are allowed"),
                Arguments.of(presence(true, "a b"), "userIds of getPresence has an entry that is not allowed"),
                Arguments.of(
                        list.setListConversations(ListConversationsRequest.getDefaultInstance())
                                .build(),
                        "actor of listConversations is not allowed"),
                Arguments.of(
                        list.setActor("alice")
                                .setListConversations(
                                        ListConversationsRequest.newBuilder().setSince(-1))
                                .build(),
                        "since of listConversations is -1; it must be at least 0"),
                Arguments.of(
                        list.setListConversations(
                                        ListConversationsRequest.newBuilder().setAfter(-1))
                                .build(),
                        "after of listConversations is -1; it must be at least 0"));
    }

    @ParameterizedTest
    @MethodSource("wrongQueries")
    void a_wrong_query_is_refused_and_gives_no_command(BusinessCommand query, String message) {
        intake.pipeBytes(Topics.BUSINESS, null, json(query), headers(), EPOCH_MILLIS);

        Refusal refusal = intake.readValues(Topics.BUSINESS_REPLIES).getFirst().getRefusal();
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, refusal.getReason());
        assertTrue(refusal.getMessage().startsWith(message), refusal::getMessage);
        assertTrue(intake.read(Topics.USER_COMMANDS).isEmpty());
    }

    private static BusinessCommand presence(boolean asSystem, String... userIds) {
        return BusinessCommand.newBuilder()
                .setRequestId("r1")
                .setAsSystem(asSystem)
                .setGetPresence(GetPresenceRequest.newBuilder().addAllUserIds(List.of(userIds)))
                .build();
    }

    @Test
    void a_command_carries_the_operator_and_the_reason_of_its_request() {
        BusinessCommand request =
                SEND.toBuilder().setOperator("ada").setReason("refund").build();
        intake.pipeBytes(Topics.BUSINESS, null, json(request), headers(), EPOCH_MILLIS);

        Command command = intake.readValues(Topics.COMMANDS).getFirst();
        assertEquals(
                AuditContext.newBuilder().setOperator("ada").setReason("refund").build(),
                command.getOrigin().getAudit());
        assertEquals("billing", command.getOrigin().getBusiness().getSource());
    }

    @Test
    void the_reply_to_a_request_of_a_gateway_goes_to_the_gateway() {
        Origin gateway = Origin.newBuilder()
                .setGatewaySlot(3)
                .setSessionId("unary-7")
                .setFrameId("5")
                .setUnary(true)
                .build();
        BusinessCommand request = SEND.toBuilder().setOperator("ada").build();
        intake.pipeBytes(Topics.BUSINESS, null, request.toByteArray(), GatewayRequests.headers(gateway), EPOCH_MILLIS);
        intake.pipeBytes(
                Topics.BUSINESS,
                null,
                request.toByteArray(),
                GatewayRequests.headers(gateway.toBuilder().clearUnary().build()),
                EPOCH_MILLIS);

        List<Command> commands = intake.readValues(Topics.COMMANDS);
        assertEquals(
                gateway.toBuilder()
                        .setAudit(AuditContext.newBuilder().setOperator("ada"))
                        .build(),
                commands.get(0).getOrigin());
        assertEquals(
                GatewayRequests.SOURCE,
                commands.get(1).getOrigin().getBusiness().getSource());
    }

    @Test
    void a_reason_or_operator_that_is_too_long_is_refused() {
        for (BusinessCommand wrong : List.of(
                SEND.toBuilder().setReason("r".repeat(257)).build(),
                SEND.toBuilder().setOperator("o".repeat(129)).build())) {
            intake.pipeBytes(Topics.BUSINESS, null, json(wrong), headers(), EPOCH_MILLIS);
        }

        assertEquals(
                List.of(
                        "reason has 257 characters; at most 256 bytes without control characters are allowed",
                        "operator has 129 characters; at most 128 bytes without control characters are allowed"),
                intake.readValues(Topics.BUSINESS_REPLIES).stream()
                        .map(reply -> reply.getRefusal().getMessage())
                        .toList());
    }

    @Test
    void only_the_trace_header_is_copied() {
        intake.pipeBytes(
                Topics.BUSINESS,
                null,
                json(SEND),
                headers().add("traceparent", bytes("00-abc")).add("secret", bytes("x")),
                EPOCH_MILLIS);

        assertEquals(
                new RecordHeaders().add("traceparent", bytes("00-abc")),
                intake.read(Topics.COMMANDS).getFirst().headers());
    }

    @Test
    void a_request_sent_twice_is_one_message_and_two_replies() {
        intake.pipeBytes(Topics.BUSINESS, null, json(SEND), headers(), EPOCH_MILLIS);
        intake.pipeBytes(Topics.BUSINESS, null, json(SEND), headers(), EPOCH_MILLIS + 1);

        List<BusinessReply> replies = intake.read(Topics.COMMANDS).stream()
                .flatMap(command -> decided(command).stream())
                .toList();

        assertEquals(
                List.of("r1", "r1"),
                replies.stream().map(BusinessReply::getRequestId).toList());
        assertEquals(
                replies.get(0).getSequenced().toBuilder().setDuplicate(true).build(),
                replies.get(1).getSequenced());
        assertEquals(1, conversation.read(Topics.CONVERSATION_EVENTS).size());
    }

    @Test
    void an_invalid_command_gets_a_refusal_and_is_no_dead_letter() {
        BusinessCommand blank = SEND.toBuilder()
                .setSendMessage(SEND.getSendMessage().toBuilder().setContent(TestRecords.text(" ")))
                .build();

        intake.pipeBytes(Topics.BUSINESS, null, json(blank), headers(), EPOCH_MILLIS);

        List<BusinessReply> replies = decided(intake.read(Topics.COMMANDS).getFirst());
        assertEquals(
                Refusal.Reason.CONTENT_EMPTY, replies.getFirst().getRefusal().getReason());
    }

    @Test
    void an_unreadable_record_becomes_a_dead_letter_and_the_next_one_is_processed() {
        Headers headers = headers().add("traceparent", bytes("00-abc"));
        intake.pipeBytes(Topics.BUSINESS, null, json(SEND), headers(), EPOCH_MILLIS);
        intake.pipeBytes(Topics.BUSINESS, bytes("key"), bytes("{broken"), headers, EPOCH_MILLIS + 5);
        intake.pipeBytes(Topics.BUSINESS, null, json(SEND), headers(), EPOCH_MILLIS);

        TestRecord<byte[], byte[]> letter = intake.read(Topics.DEAD_LETTERS).getFirst();
        assertArrayEquals(bytes("key"), letter.key());
        assertArrayEquals(bytes("{broken"), letter.value());
        assertEquals(EPOCH_MILLIS + 5, letter.timestamp());
        headers.forEach(
                header -> assertEquals(header, letter.headers().lastHeader(header.key()), "header " + header.key()));
        assertEquals("tidings.business", text(letter, "tidings.topic"));
        assertEquals("0", text(letter, "tidings.partition"));
        assertEquals("1", text(letter, "tidings.offset"));
        assertTrue(text(letter, "tidings.reason").contains("not a BusinessCommand in JSON"));
        assertNull(letter.headers().lastHeader("tidings.cut"));
        assertEquals(2, intake.read(Topics.COMMANDS).size());
    }

    @Test
    void a_record_without_key_and_value_is_a_dead_letter_without_them() {
        intake.pipeBytes(Topics.BUSINESS, null, null, new RecordHeaders(), EPOCH_MILLIS);

        TestRecord<byte[], byte[]> letter = intake.read(Topics.DEAD_LETTERS).getFirst();
        assertNull(letter.key());
        assertNull(letter.value());
        assertEquals("header source is missing", text(letter, "tidings.reason"));
    }

    @Test
    void a_too_large_dead_letter_is_truncated_and_a_header_says_so() {
        intake.pipeBytes(
                Topics.BUSINESS,
                new byte[300_000],
                new byte[3_000_000],
                headers().add("large", new byte[200_000]),
                EPOCH_MILLIS);

        TestRecord<byte[], byte[]> letter = intake.read(Topics.DEAD_LETTERS).getFirst();
        assertTrue(letter.key().length + letter.value().length < 600_000);
        assertNull(letter.headers().lastHeader("large"));
        assertTrue(text(letter, "tidings.cut").contains("value: 3000000"));
        assertEquals("0", text(letter, "tidings.offset"));
    }

    @ParameterizedTest
    @EnumSource(
            value = BusinessCommand.BodyCase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RULES", "SEND_TO_MANY", "CHANGE_USERS", "LIST_CONVERSATIONS", "GET_PRESENCE", "BODY_NOT_SET"})
    void the_largest_command_with_its_conversation_id_as_key_fits_into_a_record(BusinessCommand.BodyCase body) {
        byte[] large = json(body, "x".repeat(BusinessCommandReader.MAX_VALUE_BYTES - 300));

        intake.pipeBytes(Topics.BUSINESS, null, large, headers(), EPOCH_MILLIS);

        TestRecord<String, Command> command = intake.read(Topics.COMMANDS).getFirst();
        assertTrue(command.key().length() + command.value().getSerializedSize() < KAFKA_RECORD_BYTES - 100_000);
        assertEquals(
                Refusal.Reason.INVALID_CONVERSATION_ID,
                decided(command).getFirst().getRefusal().getReason());
    }

    @Test
    void all_fields_that_a_business_system_may_set_are_copied() {
        BusinessSend send = SEND.getSendMessage().toBuilder()
                .setReplyTo(ReplyTo.newBuilder().setSeq(3).setQuote("when?"))
                .setMentions(Mentions.newBuilder().addUserIds("alice"))
                .setExpiresAt(TestRecords.at(60))
                .setFlags(SendFlags.newBuilder().setNoPush(true))
                .build();

        Command command = onlyCommand(SEND.toBuilder().setSendMessage(send));

        assertEquals(
                SendMessage.newBuilder()
                        .setClientMsgId("order-1")
                        .setContent(TestRecords.text("your order"))
                        .setReplyTo(ReplyTo.newBuilder().setSeq(3))
                        .setMentions(send.getMentions())
                        .setExpiresAt(send.getExpiresAt())
                        .setFlags(send.getFlags())
                        .build(),
                command.getSendMessage());
    }

    @Test
    void of_a_reply_only_the_seq_is_copied() {
        ReplyTo forged = ReplyTo.newBuilder()
                .setSeq(3)
                .setMessageId("m")
                .setSender("mallory")
                .build();

        Command command = onlyCommand(SEND.toBuilder()
                .setSendMessage(SEND.getSendMessage().toBuilder().setReplyTo(forged)));

        assertEquals(
                ReplyTo.newBuilder().setSeq(3).build(), command.getSendMessage().getReplyTo());
    }

    @Test
    void every_operation_becomes_a_command_with_one_conversation_id() {
        BusinessCommand.Builder asked = SEND.toBuilder();
        EditMessage edit = EditMessage.newBuilder()
                .setSeq(1)
                .setContent(TestRecords.text("new"))
                .setMentions(Mentions.newBuilder().setAll(true))
                .build();
        RecallMessage recall = RecallMessage.newBuilder().setSeq(2).build();
        DeleteForMe delete = DeleteForMe.newBuilder().addSeqs(3).setUpToSeq(2).build();
        React react =
                React.newBuilder().setSeq(4).setReaction("👍").setRemove(true).build();
        PinMessage pin = PinMessage.newBuilder().setSeq(5).setUnpin(true).build();
        GroupCommand group = GroupCommand.newBuilder()
                .setMuteAll(MuteAll.newBuilder().setMuted(true))
                .build();
        FriendCommand friend = FriendCommand.newBuilder()
                .setSetRemark(SetRemark.newBuilder().setRemark("Al"))
                .build();

        assertEquals(
                command("p:a:b").setEditMessage(edit).build(),
                onlyCommand(asked.setEdit(edit.toBuilder().setConversationId("p:a:b"))));
        assertEquals(
                command("p:a:b").setRecallMessage(recall).build(),
                onlyCommand(asked.setRecall(recall.toBuilder().setConversationId("p:a:b"))));
        assertEquals(
                command("p:a:b").setDeleteForMe(delete).build(),
                onlyCommand(asked.setDeleteForMe(delete.toBuilder().setConversationId("p:a:b"))));
        assertEquals(
                command("p:a:b").setReact(react).build(),
                onlyCommand(asked.setReact(react.toBuilder().setConversationId("p:a:b"))));
        assertEquals(
                command("p:a:b").setPinMessage(pin).build(),
                onlyCommand(asked.setPin(pin.toBuilder().setConversationId("p:a:b"))));
        assertEquals(
                command("g:team").setGroup(group).build(),
                onlyCommand(asked.setGroup(group.toBuilder().setConversationId("g:team"))));
        assertEquals(
                command("p:a:b").setFriend(friend).build(),
                onlyCommand(asked.setFriend(friend.toBuilder().setConversationId("p:a:b"))));
    }

    @Test
    void as_system_is_copied() {
        assertTrue(onlyCommand(SEND.toBuilder().clearActor().setAsSystem(true)).getAsSystem());
    }

    @Test
    void rules_have_no_conversation_id() {
        RulesCommand rules = RulesCommand.newBuilder().addUnban("bob").build();

        Command command = onlyCommand(SEND.toBuilder().setRules(rules));

        assertEquals("", command.getConversationId());
        assertEquals(rules, command.getRules());
    }

    @Test
    void rules_are_in_every_partition_and_other_commands_in_the_one_of_their_conversation() {
        CommandPartitions partitions = new CommandPartitions();
        Command rules =
                Command.newBuilder().setRules(RulesCommand.getDefaultInstance()).build();

        assertEquals(Optional.of(Set.of(0, 1, 2)), partitions.partitions(Topics.COMMANDS.name(), "", rules, 3));
        assertEquals(
                Optional.empty(),
                partitions.partitions(Topics.COMMANDS.name(), "p:a:b", TestRecords.send("p:a:b", "a", "m1"), 3));
    }

    @Test
    void a_message_to_many_becomes_private_messages_of_the_actor() {
        Command asked = command("")
                .setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId("news-1")
                        .setContent(TestRecords.text("news"))
                        .setExpiresAt(TestRecords.at(60))
                        .setFlags(SendFlags.newBuilder().setNoUnread(true)))
                .build();

        intake.pipeBytes(Topics.BUSINESS, null, json(many("zoe", "alice", "zoe").build()), headers(), EPOCH_MILLIS);

        assertEquals(
                List.of(
                        asked.toBuilder()
                                .setCommandId(CommandId.ofRecord("tidings.business", 0, 0, 0, EPOCH_MILLIS))
                                .setConversationId("p:shop:zoe")
                                .build(),
                        asked.toBuilder()
                                .setCommandId(CommandId.ofRecord("tidings.business", 0, 0, 1, EPOCH_MILLIS))
                                .setConversationId("p:alice:shop")
                                .build()),
                intake.readValues(Topics.COMMANDS));
    }

    @Test
    void a_message_to_many_as_system_becomes_system_messages() {
        BusinessCommand asked =
                many("zoe", "alice").clearActor().setAsSystem(true).build();

        intake.pipeBytes(Topics.BUSINESS, null, json(asked), headers(), EPOCH_MILLIS);

        assertEquals(
                List.of("s:zoe", "s:alice"),
                intake.read(Topics.COMMANDS).stream().map(TestRecord::key).toList());
    }

    @Test
    void invalid_users_among_many_are_refused_and_the_others_get_the_message() {
        intake.pipeBytes(
                Topics.BUSINESS, null, json(many("", "alice", "a:b", "shop").build()), headers(), EPOCH_MILLIS);

        List<BusinessReply> replies = intake.read(Topics.COMMANDS).stream()
                .flatMap(command -> decided(command).stream())
                .toList();
        assertEquals(
                List.of(
                        Refusal.Reason.INVALID_CONVERSATION_ID,
                        Refusal.Reason.REASON_UNSPECIFIED,
                        Refusal.Reason.INVALID_CONVERSATION_ID,
                        Refusal.Reason.CONVERSATION_WITH_ONESELF),
                replies.stream().map(reply -> reply.getRefusal().getReason()).toList());
        assertEquals("p:alice:shop", replies.get(1).getSequenced().getConversationId());
    }

    @Test
    void one_request_sends_to_ten_thousand_users() {
        String[] users = IntStream.range(0, CommandExpansion.MAX_USERS)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);

        intake.pipeBytes(Topics.BUSINESS, null, json(many(users).build()), headers(), EPOCH_MILLIS);

        List<Command> commands = intake.readValues(Topics.COMMANDS);
        assertEquals(
                10_000,
                commands.stream().map(Command::getConversationId).distinct().count());
        assertEquals(
                10_000, commands.stream().map(Command::getCommandId).distinct().count());
    }

    @Test
    void every_record_becomes_a_command_with_a_reply_or_a_dead_letter_with_a_reason() {
        long seed = seed();
        Mutations mutations = new Mutations(seed);
        int good = 0;
        int letters = 0;
        for (int i = 0; i < 10_000; i++) {
            Made made = mutations.next();
            String which = "record " + i + ", -Dtidings.seed=" + seed;

            intake.pipeBytes(Topics.BUSINESS, made.key(), made.value(), made.headers(), EPOCH_MILLIS + i);

            List<TestRecord<String, Command>> commands = intake.read(Topics.COMMANDS);
            List<TestRecord<byte[], byte[]>> dead = intake.read(Topics.DEAD_LETTERS);
            assertEquals(commands.isEmpty() ? 1 : 0, dead.size(), which);
            if (made.expected() != null) {
                assertEquals(wanted(made.expected()), described(commands), which);
                good++;
            }
            commands.forEach(command -> assertAnswered(command, which));
            for (TestRecord<byte[], byte[]> letter : dead) {
                assertLetter(made, letter, i, which);
                letters++;
            }
        }
        assertTrue(good > 1_000 && letters > 4_000, good + " good, " + letters + " dead, seed " + seed);
        assertTrue(conversation.read(Topics.DEAD_LETTERS).isEmpty(), "-Dtidings.seed=" + seed);
    }

    @Test
    void the_same_records_give_the_same_bytes() {
        long seed = seed();

        List<String> first = played(seed, 3_000);

        List<String> again = played(seed, 3_000);
        assertEquals(first.size(), again.size(), "-Dtidings.seed=" + seed);
        for (int i = 0; i < first.size(); i++) {
            assertEquals(first.get(i), again.get(i), "-Dtidings.seed=" + seed);
        }
        assertTrue(first.size() >= 3_000, first.size() + " written");
    }

    private static List<String> played(long seed, int length) {
        List<String> written = new ArrayList<>();
        Mutations mutations = new Mutations(seed);
        try (DrivenTopology topology = DrivenTopology.intake(LAYOUT)) {
            for (int i = 0; i < length; i++) {
                Made made = mutations.next();
                topology.pipeBytes(Topics.BUSINESS, made.key(), made.value(), made.headers(), EPOCH_MILLIS + i);
                for (Map.Entry<String, List<TestRecord<byte[], byte[]>>> topic :
                        topology.readBytes().entrySet()) {
                    topic.getValue().forEach(record -> written.add(topic.getKey() + ' ' + fingerprint(record)));
                }
            }
        }
        return written;
    }

    private static String fingerprint(TestRecord<byte[], byte[]> record) {
        return record.timestamp() + " " + Arrays.toString(record.key()) + ' ' + Arrays.hashCode(record.value()) + ' '
                + record.headers();
    }

    private static void assertLetter(Made made, TestRecord<byte[], byte[]> letter, int offset, String which) {
        assertEquals(Integer.toString(offset), text(letter, "tidings.offset"), which);
        assertTrue(!text(letter, "tidings.reason").isBlank(), which);
        if (letter.headers().lastHeader("tidings.cut") == null) {
            assertArrayEquals(made.key(), letter.key(), which);
            assertArrayEquals(made.value(), letter.value(), which);
            made.headers()
                    .forEach(header ->
                            assertTrue(Arrays.asList(letter.headers().toArray()).contains(header), which));
        } else {
            assertTrue(made.value() != null && made.value().length > 500_000, which);
        }
    }

    /** The conversations of the expected commands, each once. */
    private static List<String> wanted(BusinessCommand business) {
        String actor = business.getActor();
        List<String> conversations = switch (business.getBodyCase()) {
            case SEND_MESSAGE -> List.of(business.getSendMessage().getConversationId());
            case MARK_READ -> List.of(business.getMarkRead().getConversationId());
            case EDIT -> List.of(business.getEdit().getConversationId());
            case RECALL -> List.of(business.getRecall().getConversationId());
            case DELETE_FOR_ME -> List.of(business.getDeleteForMe().getConversationId());
            case REACT -> List.of(business.getReact().getConversationId());
            case PIN -> List.of(business.getPin().getConversationId());
            case GROUP -> List.of(business.getGroup().getConversationId());
            case FRIEND -> List.of(business.getFriend().getConversationId());
            case RULES -> List.of("");
            case SEND_TO_MANY ->
                business.getSendToMany().getUserIdsList().stream()
                        .distinct()
                        .map(user -> business.getAsSystem()
                                ? "s:" + user
                                : "p:" + String.join(":", new TreeSet<>(List.of(actor, user))))
                        .toList();
            case READ_HEAD -> List.of(business.getReadHead().getConversationId());
            case CHANGE_USERS, LIST_CONVERSATIONS, GET_PRESENCE, BODY_NOT_SET -> List.of();
        };
        return conversations.stream()
                .map(conversationId ->
                        business.getRequestId() + ' ' + actor + ' ' + business.getAsSystem() + ' ' + conversationId)
                .toList();
    }

    private static List<String> described(List<TestRecord<String, Command>> commands) {
        assertEquals(
                commands.size(),
                commands.stream()
                        .map(command -> command.value().getCommandId())
                        .distinct()
                        .count());
        commands.forEach(command -> assertEquals(command.key(), command.value().getConversationId()));
        return commands.stream()
                .map(TestRecord::value)
                .map(command -> command.getOrigin().getBusiness().getRequestId()
                        + ' '
                        + command.getActor()
                        + ' '
                        + command.getAsSystem()
                        + ' '
                        + command.getConversationId())
                .toList();
    }

    /** Every command can be checked, and gets one reply if CONVERSATION knows its body. */
    private void assertAnswered(TestRecord<String, Command> command, String which) {
        assertEquals(1, decided(command).size(), which);
    }

    /** The reply of CONVERSATION to a command. */
    private List<BusinessReply> decided(TestRecord<String, Command> command) {
        conversation.pipe(Topics.COMMANDS, command.key(), command.value(), command.timestamp());
        return conversation.readValues(Topics.BUSINESS_REPLIES);
    }

    private static long seed() {
        long seed = TestSeed.get();
        System.out.println("tidings.seed=" + seed);
        return seed;
    }

    private static String text(TestRecord<byte[], byte[]> record, String header) {
        @Nullable Header found = record.headers().lastHeader(header);
        assertNotNull(found, header);
        return new String(found.value(), StandardCharsets.UTF_8);
    }

    private static Headers headers() {
        return new RecordHeaders().add("source", bytes("billing"));
    }

    private static BusinessCommand.Builder many(String... users) {
        return SEND.toBuilder()
                .setSendToMany(BusinessSendToMany.newBuilder()
                        .addAllUserIds(List.of(users))
                        .setClientMsgId("news-1")
                        .setContent(TestRecords.text("news"))
                        .setExpiresAt(TestRecords.at(60))
                        .setFlags(SendFlags.newBuilder().setNoUnread(true)));
    }

    /** The command of {@link #SEND} with another body, without its id. */
    private static Command.Builder command(String conversationId) {
        return Command.newBuilder().setActor("shop").setOrigin(JSON_ORIGIN).setConversationId(conversationId);
    }

    /** The single command of a request, without its id. */
    private Command onlyCommand(BusinessCommand.Builder asked) {
        intake.pipeBytes(Topics.BUSINESS, null, json(asked.build()), headers(), EPOCH_MILLIS);
        List<Command> commands = intake.readValues(Topics.COMMANDS);
        assertEquals(1, commands.size());
        return commands.getFirst().toBuilder().clearCommandId().build();
    }

    /** A command with a conversation id only. */
    private static byte[] json(BusinessCommand.BodyCase body, String conversationId) {
        String name = BusinessCommand.getDescriptor()
                .findFieldByNumber(body.getNumber())
                .getJsonName();
        return bytes("{\"requestId\":\"r1\",\"actor\":\"shop\",\"" + name + "\":{\"conversationId\":\"" + conversationId
                + "\"}}");
    }

    private static byte[] json(BusinessCommand command) {
        return bytes(ProtoJson.print(command));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
