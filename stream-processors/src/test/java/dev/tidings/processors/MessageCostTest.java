package dev.tidings.processors;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.send;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.processors.inbox.state.SyncClock;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.AllMuted;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupDissolved;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupUpdated;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MemberMuted;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import dev.tidings.v1.SyncMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts the records that a message, its receipts and a sync cost, by topic and changelog: in a private conversation, in groups
 * with different numbers of members, and for a user with different numbers of conversations.
 */
class MessageCostTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 2, (short) 1);
    private static final String PAIR = "p:alice:bob";
    private static final String GROUP = "g:climbers";

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

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 500})
    void a_message_to_a_group_writes_nothing_for_each_member(int members) {
        String[] all = createGroup(members);

        assertEquals(
                Map.of(Topics.CONVERSATION_EVENTS.name(), 1, Topics.INBOX.name(), 1, "sequences", 1),
                decide(send(GROUP, "alice", "g1")));
        assertEquals(
                Map.of(Topics.DELIVERIES.name(), 2, "group-heads", 1, "views", 1),
                apply(sent(GROUP, 2, "alice", "g1"), all));
    }

    @Test
    void a_mention_writes_the_view_of_the_mentioned_member() {
        String[] all = createGroup(100);
        ConversationEvent.Builder mention = sent(GROUP, 2, "alice", "g1").toBuilder();
        mention.getMessageSentBuilder().getMentionsBuilder().addUserIds("bob");

        assertEquals(Map.of(Topics.DELIVERIES.name(), 2, "group-heads", 1, "views", 2), apply(mention.build(), all));
    }

    /**
     * Each event after one message of alice, with the number of views that it writes: those of the members whom it concerns by
     * name, and alice's, which has the words of her message.
     */
    static Stream<Arguments> events() {
        return Stream.of(
                arguments(
                        "edit",
                        1,
                        event().setMessageEdited(MessageEdited.newBuilder()
                                .setSeq(2)
                                .setSender("alice")
                                .setBy("alice")
                                .setMessageIndex(2)
                                .setCountable(true)
                                .setContent(TestRecords.text("better")))),
                arguments(
                        "recall",
                        1,
                        event().setMessageRecalled(MessageRecalled.newBuilder()
                                .setSeq(2)
                                .setBy("alice")
                                .setMessageIndex(2)
                                .setCountable(true))),
                arguments(
                        "reaction",
                        0,
                        event().setReactionChanged(ReactionChanged.newBuilder()
                                .setUserId("bob")
                                .setSeq(2)
                                .setReaction("+1"))),
                arguments(
                        "pin",
                        0,
                        event().setPinChanged(
                                        PinChanged.newBuilder().setBy("bob").setSeq(2))),
                arguments(
                        "message that mentions all",
                        1,
                        sent(GROUP, 3, "alice", "g2").toBuilder()
                                .setMessageSent(sent(GROUP, 3, "alice", "g2").getMessageSent().toBuilder()
                                        .setMentions(Mentions.newBuilder().setAll(true)))),
                arguments(
                        "profile",
                        0,
                        event().setGroupUpdated(GroupUpdated.newBuilder()
                                .setBy("alice")
                                .setProfile(GroupProfile.newBuilder().setName("walkers")))),
                arguments(
                        "mute of all",
                        0,
                        event().setAllMuted(AllMuted.newBuilder().setBy("alice").setMuted(true))),
                arguments(
                        "mute of a member",
                        0,
                        event().setMemberMuted(
                                        MemberMuted.newBuilder().setBy("alice").setUserId("bob"))),
                arguments(
                        "dissolution",
                        0,
                        event().setGroupDissolved(GroupDissolved.newBuilder().setBy("alice"))),
                arguments(
                        "joining member",
                        1,
                        event().setMembersAdded(MembersAdded.newBuilder()
                                .addUserIds("zoe")
                                .setCause(MembersAdded.Cause.JOINED)
                                .setProfile(GroupProfile.newBuilder().setName("climbers")))),
                arguments(
                        "leaving member",
                        1,
                        event().setMemberLeft(MemberLeft.newBuilder().setUserId("bob"))),
                arguments(
                        "removed member",
                        1,
                        event().setMembersRemoved(MembersRemoved.newBuilder()
                                .setBy("alice")
                                .addUserIds("bob"))),
                arguments(
                        "role",
                        1,
                        event().setRoleChanged(RoleChanged.newBuilder()
                                .setBy("alice")
                                .setUserId("bob")
                                .setRole(Role.ADMIN))),
                arguments(
                        "owner",
                        2,
                        event().setOwnershipTransferred(OwnershipTransferred.newBuilder()
                                .setFrom("alice")
                                .setTo("bob"))));
    }

    private static ConversationEvent.Builder event() {
        return ConversationEvent.newBuilder().setSeq(3).setMessageIndex(2);
    }

    private static Arguments arguments(String name, int views, ConversationEvent.Builder event) {
        return Arguments.of(name, views, event.build());
    }

    @ParameterizedTest(name = "{0}: {1} views")
    @MethodSource("events")
    void an_event_writes_only_the_views_of_members_whom_it_concerns(String name, int views, ConversationEvent event) {
        Map<String, Integer> small = costAfterMessage(10, event);
        Map<String, Integer> middle = costAfterMessage(100, event);
        Map<String, Integer> large = costAfterMessage(500, event);

        assertEquals(views, large.getOrDefault("views", 0));
        assertEquals(event.hasGroupUpdated() ? 2 : 1, large.get("group-heads"), "a profile has a record of its own");
        assertEquals(2, large.get(Topics.DELIVERIES.name()));
        assertEquals(small, middle);
        assertEquals(middle, large);
    }

    /** Returns the cost of an event in a new group of so many members, after a message of alice. */
    private Map<String, Integer> costAfterMessage(int members, ConversationEvent event) {
        String conversationId = GROUP + '-' + members;
        String[] all = createGroup(conversationId, members);
        apply(sent(conversationId, 2, "alice", "g1"), all);
        String[] recipients = Stream.concat(Stream.of(all), event.getMembersAdded().getUserIdsList().stream())
                .toArray(String[]::new);
        return apply(event.toBuilder().setConversationId(conversationId).build(), recipients);
    }

    /** The first message to an indexed conversation of bob moves it to the recent ones: three entries and the totals. */
    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 10_000})
    void a_message_costs_the_same_with_any_number_of_conversations(int conversations) {
        addConversations(conversations);

        Map<String, Integer> first = apply(sent(PAIR, 3, "alice", "m3"), "alice", "bob");
        Map<String, Integer> second = apply(sent(PAIR, 4, "alice", "m4"), "alice", "bob");

        Map<String, Integer> cost = Map.of(Topics.DELIVERIES.name(), 2, "views", 2);
        assertEquals(conversations <= 256 ? cost : withRecent(cost), first);
        assertEquals(cost, second);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 10_000})
    void a_message_to_a_group_costs_the_same_with_any_number_of_conversations(int conversations) {
        addConversations(conversations);
        String[] all = createGroup(100);
        apply(sent(GROUP, 2, "alice", "g1"), all);

        assertEquals(
                Map.of(Topics.DELIVERIES.name(), 2, "group-heads", 1, "views", 1),
                apply(sent(GROUP, 3, "alice", "g2"), all));
    }

    @Test
    void beyond_256_recent_conversations_the_first_one_is_indexed_again() {
        addConversations(1_000);
        for (int number = 1; number <= 256; number++) {
            apply(message(number, 2), "bob");
        }

        assertEquals(Map.of(Topics.DELIVERIES.name(), 1, "views", 1), apply(message(1, 3), "bob"));
        assertEquals(
                Map.of(Topics.DELIVERIES.name(), 1, "views", 2, "view-index", 6, "view-totals", 1),
                apply(message(257, 2), "bob"));
        assertEquals(
                Map.of(Topics.DELIVERIES.name(), 1, "views", 2, "view-index", 6, "view-totals", 1),
                apply(message(1, 4), "bob"));
    }

    private static Map<String, Integer> withRecent(Map<String, Integer> cost) {
        Map<String, Integer> more = new TreeMap<>(cost);
        more.put("view-index", 3);
        more.put("view-totals", 1);
        return more;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 10_000})
    void a_fast_sync_costs_one_record_with_any_number_of_conversations(int conversations) {
        addConversations(conversations);

        inbox.pipe(Topics.USER_COMMANDS, "bob", sync("bob", origin(1, "b", "f1"), SyncMode.FAST, 0), now());

        assertEquals(Map.of(Topics.DELIVERIES.name(), 1), counts(inbox));
    }

    /** Gives bob private conversations with one message each. */
    private void addConversations(int count) {
        for (int number = 1; number <= count; number++) {
            apply(message(number, 1), "bob");
        }
    }

    /** A message to bob in one of these conversations. */
    private static ConversationEvent message(int conversation, long seq) {
        String peer = "peer-" + conversation;
        return sent(ConversationId.between("bob", peer).toString(), seq, peer, "m" + conversation + '-' + seq);
    }

    private String[] createGroup(int members) {
        return createGroup(GROUP, members);
    }

    /** Creates a group of alice, bob and others without sessions, in both topologies; returns its members. */
    private String[] createGroup(String conversationId, int members) {
        List<String> others = IntStream.rangeClosed(3, members)
                .mapToObj(number -> "user-" + number)
                .toList();
        String[] all = Stream.concat(Stream.of("alice", "bob"), others.stream()).toArray(String[]::new);
        decide(Command.newBuilder()
                .setCommandId("create-" + conversationId)
                .setConversationId(conversationId)
                .setActor("alice")
                .setGroup(GroupCommand.newBuilder()
                        .setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setName("climbers"))
                                .addAllMembers(List.of(all).subList(1, members))))
                .build());
        apply(
                ConversationEvent.newBuilder()
                        .setConversationId(conversationId)
                        .setSeq(1)
                        .setGroupCreated(GroupCreated.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setName("climbers"))
                                .setOwner("alice")
                                .addAllMembers(List.of(all)))
                        .build(),
                all);
        return all;
    }

    private static ConversationEvent receipt(long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(PAIR)
                .setDeliveredAdvanced(
                        DeliveredAdvanced.newBuilder().setUserId("bob").setDeliveredSeq(seq))
                .build();
    }

    private Map<String, Integer> decide(Command command) {
        conversation.pipe(Topics.COMMANDS, command.getConversationId(), command, now());
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
