package dev.tidings.processors.conversation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Answer;
import dev.tidings.v1.AuditContext;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.EnterRoom;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.RulesPage;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SubscribeGateway;
import dev.tidings.v1.UpdateGroup;
import dev.tidings.v1.WordRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The recipients of events, and the number of records written for them. */
class FanOutTest {

    private static final int USER_PARTITIONS = 8;
    private static final int GATEWAYS = 16;
    private static final TopicLayout LAYOUT = new TopicLayout(1, USER_PARTITIONS, GATEWAYS, (short) 1);
    private static final String TEAM = "g:team";

    private final DrivenTopology topology = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);
    private long seconds;
    private int commands;

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void a_message_in_a_small_group_costs_a_record_for_each_inbox_partition_and_reaches_all_members() {
        createGroup(300);

        pipe(TEAM, "user0", send("m1"));

        List<InboxRecord> inbox = topology.readValues(Topics.INBOX);
        assertEquals(USER_PARTITIONS, inbox.size());
        assertEquals(users(0, 300), recipients(inbox));
        assertTrue(inbox.stream().noneMatch(InboxRecord::getLarge));
        assertEquals(List.of(), topology.readValues(Topics.DELIVERIES));
    }

    @Test
    void a_message_in_a_group_of_100000_costs_a_record_for_each_subscribed_gateway_and_reads_no_member() {
        createGroup(1_000);
        for (int from = 1_000; from < 100_000; from += 1_000) {
            add(from, from + 1_000);
        }
        for (int slot : List.of(3, 7, 12)) {
            subscribe(TEAM, slot, 1, 5_000);
        }
        drain();

        pipe(TEAM, "user0", send("m1"));

        assertEquals(List.of(), topology.readValues(Topics.INBOX));
        List<TestRecord<Integer, Delivery>> deliveries = topology.read(Topics.DELIVERIES);
        assertEquals(List.of(3, 7, 12), deliveries.stream().map(TestRecord::key).toList());
        assertTrue(deliveries.stream().allMatch(delivery -> delivery.value().hasFollowedEvent()));
        assertEquals(1, topology.read(Topics.CONVERSATION_EVENTS).size());
        assertTrue(deliveries.getFirst().value().getSerializedSize() < 300, "the record does not grow with the group");
    }

    @Test
    void the_event_that_makes_a_group_large_goes_to_all_members_once_more() {
        createGroup(499);

        add(499, 600);

        List<InboxRecord> inbox = topology.readValues(Topics.INBOX);
        assertEquals(users(0, 600), recipients(inbox));
        assertTrue(inbox.stream().allMatch(InboxRecord::getLarge));
    }

    @Test
    void in_a_large_group_an_event_names_only_the_users_whom_it_concerns() {
        createGroup(600);
        subscribe(TEAM, 4, 1, 1);
        drain();

        add(600, 603);
        assertEquals(users(600, 603), recipients(topology.readValues(Topics.INBOX)));
        pipe(TEAM, "user601", command -> command.setGroup(group(group -> group.setLeave(LeaveGroup.newBuilder()))));
        assertEquals(Set.of("user601"), recipients(topology.readValues(Topics.INBOX)));
        pipe(TEAM, "user1", command -> command.setMarkRead(MarkRead.newBuilder().setSeq(1)));
        assertEquals(Set.of("user1"), recipients(topology.readValues(Topics.INBOX)));
        pipe(
                TEAM,
                "user1",
                send(
                        "m1",
                        send -> send.setMentions(
                                Mentions.newBuilder().addUserIds("user5").addUserIds("nobody"))));

        assertEquals(Set.of("user5"), recipients(topology.readValues(Topics.INBOX)));
    }

    @Test
    void shared_state_of_a_large_group_goes_once_to_each_inbox_partition_and_names_no_member() {
        createGroup(600);
        subscribe(TEAM, 4, 1, 1);
        drain();

        List<List<InboxRecord>> shared = new ArrayList<>();
        pipe(TEAM, "user0", send("m1"));
        drain();
        for (GroupCommand change : List.of(
                GroupCommand.newBuilder()
                        .setUpdate(UpdateGroup.newBuilder().setName("walkers"))
                        .build(),
                GroupCommand.newBuilder()
                        .setMuteAll(MuteAll.newBuilder().setMuted(true))
                        .build(),
                GroupCommand.newBuilder()
                        .setDissolve(DissolveGroup.newBuilder())
                        .build())) {
            pipe(TEAM, "user0", command -> command.setGroup(change.toBuilder().setConversationId(TEAM)));
            shared.add(topology.readValues(Topics.INBOX));
        }

        for (List<InboxRecord> inbox : shared) {
            assertEquals(USER_PARTITIONS, inbox.size());
            assertTrue(inbox.stream().allMatch(InboxRecord::getMembers));
            assertEquals(Set.of(), recipients(inbox));
        }
    }

    @Test
    void a_gateway_that_subscribes_gets_the_head_of_the_conversation() {
        createGroup(600);
        pipe(TEAM, "user1", send("m1"));
        drain();

        subscribe(TEAM, 4, 1, 1);

        assertEquals(
                List.of(HeadNotice.newBuilder()
                        .setConversationId(TEAM)
                        .setLastSeq(2)
                        .setMessageIndex(1)
                        .build()),
                notices(4));
    }

    @Test
    void a_gateway_that_unsubscribes_gets_no_more_events() {
        createGroup(600);
        subscribe(TEAM, 4, 1, 1);
        subscribe(TEAM, 5, 1, 1);
        subscribe(TEAM, 4, 1, 0);
        drain();

        pipe(TEAM, "user1", send("m1"));

        assertEquals(
                List.of(5),
                topology.read(Topics.DELIVERIES).stream().map(TestRecord::key).toList());
    }

    @Test
    void a_subscription_of_an_earlier_epoch_is_ignored() {
        createGroup(600);
        subscribe(TEAM, 4, 2, 1);
        subscribe(TEAM, 4, 1, 0);
        drain();

        pipe(TEAM, "user1", send("m1"));

        assertEquals(1, topology.read(Topics.DELIVERIES).size());
    }

    @Test
    void a_gateway_cannot_subscribe_to_a_small_group_or_with_a_slot_that_does_not_exist() {
        createGroup(3);

        subscribe(TEAM, 4, 1, 1);
        subscribe(TEAM, GATEWAYS, 1, 1);
        subscribe("r:lobby", -1, 1, 1);

        assertEquals(List.of(), topology.readValues(Topics.DELIVERIES));
        assertEquals(
                2,
                topology.readBytes()
                        .getOrDefault(Topics.DEAD_LETTERS.name(), List.of())
                        .size());
    }

    @Test
    void a_room_delivers_events_and_the_number_of_sessions_to_its_gateways() {
        subscribe("r:lobby", 1, 1, 2);
        subscribe("r:lobby", 2, 1, 3);
        assertEquals(
                List.of(2, 5), notices(1).stream().map(HeadNotice::getOnline).toList());
        subscribe("r:lobby", 2, 1, 3);
        assertEquals(0, notices(1).size());

        pipe("r:lobby", "sam", send("m1"));

        assertEquals(
                List.of(1, 2),
                topology.read(Topics.DELIVERIES).stream().map(TestRecord::key).toList());
        assertEquals(List.of(), topology.readValues(Topics.INBOX));
    }

    @Test
    void an_empty_room_keeps_only_its_sequence_numbers() {
        subscribe("r:lobby", 1, 1, 1);
        pipe("r:lobby", "sam", send("m1"));
        subscribe("r:lobby", 1, 1, 0);
        RoomCleanupTest.assertOnlyHeads(topology);
        subscribe("r:lobby", 1, 1, 1);
        drain();

        pipe("r:lobby", "sam", send("m1"));

        assertEquals(
                2, topology.readValues(Topics.CONVERSATION_EVENTS).getFirst().getSeq());
    }

    @Test
    void a_gateway_that_is_gone_gets_no_more_events_and_the_others_do() {
        createGroup(600);
        subscribe(TEAM, 4, 1, 1);
        subscribe(TEAM, 5, 1, 1);
        drain();
        gatewayGone(4, 1);
        drain();

        pipe(TEAM, "user1", send("m1"));

        assertEquals(
                List.of(5),
                topology.read(Topics.DELIVERIES).stream().map(TestRecord::key).toList());
    }

    @Test
    void a_gateway_that_is_gone_gets_a_notice_in_case_it_still_runs() {
        createGroup(600);
        subscribe(TEAM, 4, 1, 1);
        drain();

        gatewayGone(4, 1);

        List<Delivery> deliveries = topology.readValues(Topics.DELIVERIES);
        assertEquals(1, deliveries.size());
        assertEquals(4, deliveries.getFirst().getGatewaySlot());
        assertEquals(1, deliveries.getFirst().getGatewayGone().getGatewayEpoch());
    }

    @Test
    void subscriptions_of_a_later_epoch_stay() {
        createGroup(600);
        subscribe(TEAM, 4, 1, 1);
        subscribe(TEAM, 4, 2, 1);
        drain();
        gatewayGone(4, 1);
        assertEquals(List.of(), topology.readValues(Topics.DELIVERIES));

        pipe(TEAM, "user1", send("m1"));

        assertEquals(1, topology.read(Topics.DELIVERIES).size());
    }

    @Test
    void a_repeated_gateway_gone_record_changes_nothing() {
        subscribe("r:lobby", 1, 1, 2);
        subscribe("r:lobby", 2, 1, 3);
        gatewayGone(1, 1);
        drain();

        gatewayGone(1, 1);

        assertTrue(topology.readBytes().isEmpty());
    }

    @Test
    void the_other_gateways_of_a_room_get_the_remaining_number_of_sessions() {
        subscribe("r:lobby", 1, 1, 2);
        subscribe("r:lobby", 2, 1, 3);
        subscribe("r:elsewhere", 2, 1, 7);
        drain();

        gatewayGone(1, 1);

        assertEquals(
                List.of(HeadNotice.newBuilder()
                        .setConversationId("r:lobby")
                        .setOnline(3)
                        .build()),
                notices(2));
    }

    @Test
    void a_room_whose_last_gateway_is_gone_keeps_only_its_sequence_numbers() {
        subscribe("r:lobby", 1, 1, 1);
        pipe("r:lobby", "sam", send("m1"));

        gatewayGone(1, 1);

        RoomCleanupTest.assertOnlyHeads(topology);
        drain();
        pipe("r:lobby", "sam", send("m1"));
        assertEquals(
                2, topology.readValues(Topics.CONVERSATION_EVENTS).getFirst().getSeq());
    }

    @Test
    void a_gateway_is_unsubscribed_from_all_its_rooms_in_bounded_steps() {
        int rooms = 2 * SubscriptionCommands.MAX_UNSUBSCRIBED_PER_STEP + 10;
        for (int room = 0; room < rooms; room++) {
            subscribe("r:room" + room, 1, 1, 1);
        }
        drain();

        gatewayGone(1, 1);

        List<String> ascending = IntStream.range(0, rooms)
                .mapToObj(room -> "r:room" + room)
                .sorted()
                .toList();
        assertEquals(
                List.of(
                        ascending.get(SubscriptionCommands.MAX_UNSUBSCRIBED_PER_STEP - 1),
                        ascending.get(2 * SubscriptionCommands.MAX_UNSUBSCRIBED_PER_STEP - 1)),
                topology.readValues(Topics.COMMANDS).stream()
                        .map(next -> next.getGatewayGone().getAfterId())
                        .toList());
        assertEquals(
                List.of(GatewayGone.newBuilder()
                        .setGatewaySlot(1)
                        .setGatewayEpoch(1)
                        .build()),
                topology.readValues(Topics.DELIVERIES).stream()
                        .filter(Delivery::hasGatewayGone)
                        .map(Delivery::getGatewayGone)
                        .distinct()
                        .toList());
        assertEquals(List.of(), topology.contents().get("gateway-subscriptions"));
        assertEquals(List.of(), topology.contents().get("gateway-conversations"));
    }

    @Test
    void the_next_step_unsubscribes_a_gateway_only_from_conversations_after_the_cursor() {
        subscribe("r:a", 1, 1, 1);
        subscribe("r:b", 1, 1, 1);
        subscribe("r:c", 1, 1, 1);
        drain();

        pipe(
                "",
                "",
                command -> command.setGatewayGone(GatewayGone.newBuilder()
                        .setGatewaySlot(1)
                        .setGatewayEpoch(1)
                        .setAfterId("r:a")));

        assertEquals(
                1,
                requireNonNull(topology.contents().get("gateway-subscriptions")).size());
        assertEquals(
                1,
                requireNonNull(topology.contents().get("gateway-conversations")).size());
        pipe("r:a", "sam", send("m1"));
        assertEquals(
                1,
                topology.readValues(Topics.DELIVERIES).stream()
                        .filter(Delivery::hasFollowedEvent)
                        .count());
    }

    @Test
    void gateway_gone_with_an_invalid_slot_or_a_conversation_goes_to_the_dead_letters() {
        gatewayGone(GATEWAYS, 1);
        gatewayGone(-1, 1);
        pipe("r:lobby", "", command -> command.setGatewayGone(GatewayGone.newBuilder()));

        assertEquals(3, topology.read(Topics.DEAD_LETTERS).size());
    }

    @Test
    void a_broadcast_goes_to_every_inbox_partition_and_names_no_user() {
        pipe("b:news", "", command -> send("m1").apply(command).setAsSystem(true));

        assertEquals(List.of(), topology.read(Topics.DELIVERIES));
        List<TestRecord<Integer, InboxRecord>> inbox = topology.read(Topics.INBOX);
        assertEquals(
                IntStream.range(0, USER_PARTITIONS).boxed().toList(),
                inbox.stream().map(TestRecord::key).toList());
        assertTrue(inbox.stream()
                .allMatch(
                        record -> record.value().getEveryone() && record.value().getRecipientsCount() == 0));
    }

    @Test
    void a_system_message_goes_to_one_user() {
        pipe("s:alice", "", command -> send("m1").apply(command).setAsSystem(true));

        assertEquals(Set.of("alice"), recipients(topology.readValues(Topics.INBOX)));
    }

    @Test
    void rules_apply_from_their_place_in_the_log_on_and_are_answered_by_the_first_partition() {
        pipe("g:a", "max", create(List.of()));
        rules(RulesCommand.newBuilder().setPolicy(Policy.newBuilder().setMaxGroupMembers(2)));
        pipe("g:b", "max", create(List.of("a", "b")));

        assertEquals(1, topology.readValues(Topics.CONVERSATION_EVENTS).size());
        assertTrue(topology.readValues(Topics.BUSINESS_REPLIES).getFirst().hasApplied());
    }

    @Test
    void an_administrative_command_is_in_the_audit_log_with_its_result() {
        createGroup(2);

        mute(TEAM, "", true);
        mute("g:unknown", "", true);
        mute(TEAM, "user0", false);

        List<TestRecord<String, AuditRecord>> audit = topology.read(Topics.AUDIT);
        assertEquals(
                List.of(TEAM, "g:unknown"), audit.stream().map(TestRecord::key).toList());
        assertEquals(
                AuditRecord.newBuilder()
                        .setAuditId("command2")
                        .setAt(TestRecords.at(2))
                        .setSource("crm")
                        .setOperator("ada")
                        .setReason("spam")
                        .setAction("group.mute_member")
                        .setTarget(TEAM)
                        .addUserIds("user1")
                        .setResult(AuditRecord.Result.APPLIED)
                        .setDetail("{\"muteMember\":{\"userId\":\"user1\",\"until\":\""
                                + Timestamps.toString(TestRecords.at(100)) + "\"}}")
                        .build(),
                audit.getFirst().value());
        assertEquals(AuditRecord.Result.REFUSED, audit.get(1).value().getResult());
        assertEquals(
                Refusal.Reason.CONVERSATION_NOT_FOUND,
                audit.get(1).value().getRefusal().getReason());
    }

    private void mute(String conversationId, String actor, boolean asSystem) {
        AuditContext audit =
                AuditContext.newBuilder().setOperator("ada").setReason("spam").build();
        pipe(
                conversationId,
                actor,
                command -> command.setAsSystem(asSystem)
                        .setOrigin(TestRecords.business("crm", "r1").toBuilder().setAudit(audit))
                        .setGroup(GroupCommand.newBuilder()
                                .setMuteMember(MuteMember.newBuilder()
                                        .setUserId("user1")
                                        .setUntil(TestRecords.at(100)))));
    }

    @Test
    void each_ban_and_each_other_change_of_rules_is_one_audit_record() {
        rules(RulesCommand.newBuilder()
                .addBan(Ban.newBuilder().setUserId("mallory"))
                .addUnbanDeviceIds("web-1")
                .addSetWords(WordRule.newBuilder().setWord("darn").setAction(ModerationAction.MASK))
                .setPolicy(Policy.newBuilder().setStrangersMayWrite(false)));
        rules(RulesCommand.newBuilder());

        List<AuditRecord> audit = topology.readValues(Topics.AUDIT);
        assertEquals(
                List.of(
                        "command1:0 rules.unban device:web-1 APPLIED",
                        "command1:1 rules.ban user:mallory APPLIED",
                        "command1:2 rules.words rules APPLIED",
                        "command1:3 rules.policy rules APPLIED",
                        "command2:0 rules.policy rules REFUSED"),
                audit.stream()
                        .map(act -> act.getAuditId()
                                + ' '
                                + act.getAction()
                                + ' '
                                + act.getTarget()
                                + ' '
                                + act.getResult())
                        .toList());
        assertEquals(
                "set 1, removed 0: {\"setWords\":[{\"word\":\"darn\",\"action\":\"MASK\"}]}",
                audit.get(2).getDetail());
    }

    @Test
    void a_gateway_gets_the_reply_to_its_change_of_rules() {
        RulesCommand ban = RulesCommand.newBuilder()
                .addBan(Ban.newBuilder().setUserId("mallory"))
                .build();
        for (RulesCommand rules : List.of(ban, RulesCommand.getDefaultInstance())) {
            pipe(
                    "",
                    "",
                    command -> command.setAsSystem(true)
                            .setOrigin(TestRecords.origin(1, "unary-1", "frame").toBuilder()
                                    .setUnary(true))
                            .setRules(rules));
        }

        List<Delivery> deliveries = topology.readValues(Topics.DELIVERIES);
        assertEquals(2, deliveries.size());
        assertTrue(deliveries.get(0).getAnswer().hasApplied());
        assertTrue(deliveries.get(1).getAnswer().hasRefusal());
        assertEquals(List.of(), topology.read(Topics.BUSINESS_REPLIES));
    }

    @Test
    void the_rules_are_read_in_pages() {
        rules(RulesCommand.newBuilder()
                .addBan(Ban.newBuilder().setUserId("mallory"))
                .addBan(Ban.newBuilder().setUserId("sam").setUntil(TestRecords.at(2)))
                .addSetWords(word("darn"))
                .addSetWords(word("zap"))
                .setPolicy(Policy.newBuilder().setStrangersMayWrite(false)));
        topology.readBytes();

        rules(RulesCommand.newBuilder().setList(ListRules.newBuilder().setLimit(2)));
        rules(RulesCommand.newBuilder()
                .setList(ListRules.newBuilder().setAfter("policy").setLimit(2)));
        rules(RulesCommand.newBuilder().setList(ListRules.newBuilder().setLimit(501)));

        List<BusinessReply> replies = topology.readValues(Topics.BUSINESS_REPLIES);
        assertEquals(
                RulesPage.newBuilder()
                        .addBans(Ban.newBuilder().setUserId("mallory"))
                        .setPolicy(Policy.newBuilder().setStrangersMayWrite(false))
                        .setNextAfter("policy")
                        .build(),
                replies.get(0).getRules());
        assertEquals(
                RulesPage.newBuilder()
                        .addWords(word("darn"))
                        .addWords(word("zap"))
                        .build(),
                replies.get(1).getRules());
        assertTrue(replies.get(2).hasRefusal());
        assertEquals(List.of(), topology.read(Topics.AUDIT));
    }

    private static WordRule word(String word) {
        return WordRule.newBuilder()
                .setWord(word)
                .setAction(ModerationAction.MASK)
                .build();
    }

    @Test
    void invalid_rules_are_refused() {
        rules(RulesCommand.newBuilder());

        assertTrue(topology.readValues(Topics.BUSINESS_REPLIES).getFirst().hasRefusal());
    }

    @Test
    void a_banned_user_may_not_enter_a_room_and_others_may() {
        rules(RulesCommand.newBuilder().addBan(Ban.newBuilder().setUserId("mallory")));
        topology.readBytes();

        pipe("r:lobby", "mallory", FanOutTest::enter);
        pipe("r:lobby", "sam", FanOutTest::enter);
        pipe("b:news", "sam", FanOutTest::enter);

        List<Answer> answers = topology.readValues(Topics.DELIVERIES).stream()
                .map(Delivery::getAnswer)
                .toList();
        assertEquals(Refusal.Reason.BANNED, answers.get(0).getRefusal().getReason());
        assertEquals("r:lobby", answers.get(1).getApplied().getConversationId());
        assertEquals(
                Refusal.Reason.WRONG_KIND_OF_CONVERSATION,
                answers.get(2).getRefusal().getReason());
        assertEquals(List.of(), topology.readValues(Topics.CONVERSATION_EVENTS));
    }

    private static Command.Builder enter(Command.Builder command) {
        return command.setOrigin(TestRecords.origin(1, "session", "frame"))
                .setEnterRoom(EnterRoom.getDefaultInstance());
    }

    @Test
    void every_ban_is_published_and_a_lifted_one_as_a_ban_in_the_past() {
        Ban address = Ban.newBuilder().setAddress("192.0.2.7/24").build();
        rules(RulesCommand.newBuilder()
                .addBan(Ban.newBuilder().setUserId("mallory"))
                .addBan(address)
                .addUnban("sam")
                .addUnbanDeviceIds("web-1"));

        List<TestRecord<String, Ban>> bans = topology.read(Topics.BANS);
        Timestamp over = Timestamp.getDefaultInstance();
        assertEquals(
                List.of("user:sam", "device:web-1", "user:mallory", "address:192.0.2.0/24"),
                bans.stream().map(TestRecord::key).toList());
        assertEquals(
                List.of(
                        Ban.newBuilder().setUserId("sam").setUntil(over).build(),
                        Ban.newBuilder().setDeviceId("web-1").setUntil(over).build(),
                        Ban.newBuilder().setUserId("mallory").build(),
                        address),
                bans.stream().map(TestRecord::value).toList());
    }

    @Test
    void bans_that_have_ended_are_deleted_with_the_next_change() {
        rules(RulesCommand.newBuilder().addBan(Ban.newBuilder().setUserId("sam").setUntil(TestRecords.at(0))));
        assertTrue(topology.contents().toString().contains("ban:user:sam"), topology.contents()::toString);

        rules(RulesCommand.newBuilder().addBan(Ban.newBuilder().setUserId("mallory")));

        assertFalse(topology.contents().toString().contains("ban:user:sam"), topology.contents()::toString);
        assertTrue(topology.contents().toString().contains("ban:user:mallory"), topology.contents()::toString);
    }

    @Test
    void a_ban_of_a_device_or_an_address_does_not_ban_a_user() {
        rules(RulesCommand.newBuilder()
                .addBan(Ban.newBuilder().setDeviceId("sam"))
                .addBan(Ban.newBuilder().setAddress("192.0.2.7")));
        topology.readBytes();

        pipe("r:lobby", "sam", FanOutTest::enter);

        assertTrue(topology.readValues(Topics.DELIVERIES).getFirst().getAnswer().hasApplied());
    }

    private void rules(RulesCommand.Builder rules) {
        pipe(
                "",
                "",
                command -> command.setAsSystem(true)
                        .setOrigin(TestRecords.business("test", "r1"))
                        .setRules(rules));
    }

    private void createGroup(int members) {
        pipe(TEAM, "user0", create(users(0, members)));
        drain();
    }

    private static UnaryOperator<Command.Builder> create(Iterable<String> members) {
        return command -> command.setGroup(group(group -> group.setCreate(CreateGroup.newBuilder()
                .setProfile(GroupProfile.newBuilder().setName("The team").setJoinPolicy(JoinPolicy.OPEN))
                .addAllMembers(members))));
    }

    private void add(int from, int to) {
        pipe(
                TEAM,
                "user0",
                command -> command.setGroup(group(
                        group -> group.setAddMembers(AddMembers.newBuilder().addAllUserIds(users(from, to))))));
    }

    private void subscribe(String conversationId, int slot, long epoch, int sessions) {
        pipe(
                conversationId,
                "",
                command -> command.setSubscribeGateway(SubscribeGateway.newBuilder()
                        .setGatewaySlot(slot)
                        .setGatewayEpoch(epoch)
                        .setSessions(sessions)));
    }

    private void gatewayGone(int slot, long epoch) {
        pipe(
                "",
                "",
                command -> command.setGatewayGone(
                        GatewayGone.newBuilder().setGatewaySlot(slot).setGatewayEpoch(epoch)));
    }

    private static GroupCommand.Builder group(UnaryOperator<GroupCommand.Builder> what) {
        return what.apply(GroupCommand.newBuilder());
    }

    private static UnaryOperator<Command.Builder> send(String name) {
        return send(name, send -> send);
    }

    private static UnaryOperator<Command.Builder> send(String name, UnaryOperator<SendMessage.Builder> more) {
        return command -> command.setSendMessage(
                more.apply(SendMessage.newBuilder().setClientMsgId(name).setContent(TestRecords.text("says " + name))));
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
                TestRecords.EPOCH_MILLIS + ++seconds * 1000);
    }

    private void drain() {
        assertFalse(topology.readBytes().isEmpty());
    }

    private List<HeadNotice> notices(int slot) {
        List<HeadNotice> notices = new ArrayList<>();
        topology.read(Topics.DELIVERIES).forEach(delivery -> {
            if (delivery.key() == slot && delivery.value().hasHeadNotice()) {
                notices.add(delivery.value().getHeadNotice());
            }
        });
        return notices;
    }

    private static Set<String> recipients(List<InboxRecord> inbox) {
        Set<String> recipients = new TreeSet<>();
        inbox.forEach(record -> recipients.addAll(record.getRecipientsList()));
        return recipients;
    }

    private static Set<String> users(int from, int to) {
        Set<String> users = new TreeSet<>();
        IntStream.range(from, to).forEach(number -> users.add("user" + number));
        return users;
    }
}
