package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.conversation.Decision.Counted;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.schemas.Limits;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MessageReceipts;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReceiptRulesTest {

    private final Scene pair = new Scene("p:alice:bob");
    private final Scene team = new Scene("g:team");

    @Test
    void a_new_message_has_no_receipts() {
        pair.accepts(pair.send("alice", "m1"));

        assertEquals(List.of(receipts(1, 1, 0, 0)), counted(pair, "alice", 1));
    }

    @Test
    void a_delivery_position_moves_forward_only_and_takes_no_seq() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.send("alice", "m2"));
        assertEquals(0, pair.accepts(delivered(pair, "bob", 2)).getSeq());
        assertInstanceOf(Unchanged.class, pair.when(delivered(pair, "bob", 1)));
        pair.refuses(Refusal.Reason.SEQ_OUT_OF_RANGE, delivered(pair, "bob", 3));

        assertEquals(List.of(receipts(1, 1, 1, 0), receipts(2, 1, 1, 0)), counted(pair, "alice", 1, 2));
    }

    @Test
    void a_read_message_counts_as_delivered() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.command("bob").toBuilder()
                .setMarkRead(MarkRead.newBuilder().setSeq(1))
                .build());
        assertInstanceOf(Unchanged.class, pair.when(delivered(pair, "bob", 1)));

        assertEquals(List.of(receipts(1, 1, 1, 1)), counted(pair, "alice", 1));
    }

    @Test
    void an_event_carries_the_delivered_position_of_its_command() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.send("alice", "m2"));

        assertEquals(1, pair.accepts(carrying(1, pair.send("bob", "m3"))).getDeliveredSeq());
        assertEquals(List.of(receipts(1, 1, 1, 0), receipts(2, 1, 0, 0)), counted(pair, "alice", 1, 2));

        assertEquals(2, pair.accepts(carrying(2, pair.react("bob", 2, "+1"))).getDeliveredSeq());
        assertEquals(List.of(receipts(1, 1, 1, 0), receipts(2, 1, 1, 0)), counted(pair, "alice", 1, 2));
        assertEquals(List.of(receipts(3, 1, 0, 0)), counted(pair, "bob", 3));
    }

    @Test
    void a_carried_position_moves_forward_only_and_never_beyond_the_last_event() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.send("alice", "m2"));
        pair.accepts(carrying(2, pair.send("bob", "m3")));

        assertEquals(0, pair.accepts(carrying(1, pair.send("bob", "m4"))).getDeliveredSeq());
        assertEquals(0, pair.accepts(carrying(5, pair.send("bob", "m5"))).getDeliveredSeq());
        assertInstanceOf(Unchanged.class, pair.when(delivered(pair, "bob", 2)));
        pair.refuses(Refusal.Reason.SEQ_OUT_OF_RANGE, carrying(-1, pair.send("bob", "m6")));

        assertEquals(List.of(receipts(2, 1, 1, 0)), counted(pair, "alice", 2));
    }

    @Test
    void a_carried_position_writes_no_member() {
        pair.accepts(pair.send("alice", "m1"));

        pair.accepts(carrying(1, pair.send("bob", "m2")));

        assertEquals(MemberRecord.getDefaultInstance(), pair.state().member("bob"));
        assertEquals(MemberRecord.getDefaultInstance(), pair.state().member("alice"));
    }

    @Test
    void events_of_groups_and_events_outside_the_sequence_carry_no_position() {
        createGroup("max");
        team.accepts(team.send("olga", "m1"));
        pair.accepts(pair.send("alice", "m1"));

        assertEquals(0, team.accepts(carrying(2, team.send("max", "m2"))).getDeliveredSeq());
        Command read = pair.command("bob").toBuilder()
                .setMarkRead(MarkRead.newBuilder().setSeq(1))
                .build();
        assertEquals(0, pair.accepts(carrying(1, read)).getDeliveredSeq());
    }

    @Test
    void members_get_receipts_of_their_own_messages_and_admins_of_all() {
        createGroup("max", "mia");
        team.accepts(team.send("max", "m1"));
        team.accepts(delivered(team, "mia", 2));

        assertEquals(List.of(receipts(2, 2, 1, 0)), counted(team, "max", 2));
        assertEquals(List.of(receipts(2, 2, 1, 0)), counted(team, "olga", 2));
        assertEquals(List.of(), counted(team, "mia", 2));
    }

    @Test
    void large_groups_have_no_receipts() {
        team.under(FixedRules.of(Policy.newBuilder().setLargeGroupThreshold(1)));
        createGroup("max");
        team.accepts(team.send("max", "m1"));

        team.refuses(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, delivered(team, "olga", 2));
        team.refuses(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, asking(team, "max", 2));
    }

    @Test
    void a_seq_that_is_named_twice_is_answered_once() {
        pair.accepts(pair.send("alice", "m1"));

        assertEquals(List.of(receipts(1, 1, 0, 0)), counted(pair, "alice", 1, 1, 1));
    }

    @Test
    void users_are_named_for_one_message_at_a_time() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.send("alice", "m2"));

        pair.refuses(Refusal.Reason.INVALID_ARGUMENT, naming(asking(pair, "alice", 1, 2), ""));
        assertInstanceOf(Counted.class, pair.when(naming(asking(pair, "alice", 1, 1), "")));
    }

    @Test
    void users_are_named_in_pages_of_at_most_500() {
        team.under(FixedRules.of(Policy.newBuilder().setLargeGroupThreshold(5_000)));
        List<String> users =
                IntStream.range(0, 1_200).mapToObj(i -> "user" + (10_000 + i)).toList();
        createGroup(users.subList(0, 600).toArray(String[]::new));
        team.accepts(team.group(
                "olga",
                group -> group.setAddMembers(AddMembers.newBuilder().addAllUserIds(users.subList(600, 1_200)))));
        long seq = team.accepts(team.send("olga", "m1")).getSeq();
        for (String user : users) {
            team.accepts(delivered(team, user, seq));
        }
        markRead("user10000", seq);
        markRead("user11199", seq);

        List<String> named = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();
        boolean more = true;
        while (more) {
            Receipts page = assertInstanceOf(
                            Counted.class,
                            team.when(naming(asking(team, "olga", seq), named.isEmpty() ? "" : named.getLast())))
                    .receipts();
            MessageReceipts message = page.getMessages(0);
            assertEquals(
                    List.of(1_200, 1_200, 2), List.of(message.getMembers(), message.getDelivered(), message.getRead()));
            assertTrue(page.getSerializedSize() <= Limits.ANSWER);
            named.addAll(message.getDeliveredToList());
            pages.add(message.getDeliveredToCount());
            more = page.getMoreUsers();
        }

        assertEquals(users, named);
        assertEquals(List.of(500, 500, 200), pages);
    }

    @Test
    void receipts_of_100_messages_in_a_group_of_400_fit_an_answer_and_read_each_entry_once() {
        List<String> users =
                IntStream.range(0, 400).mapToObj(i -> "u" + i + "x".repeat(60)).toList();
        createGroup(users.toArray(String[]::new));
        long[] seqs = new long[100];
        for (int i = 0; i < seqs.length; i++) {
            seqs[i] = team.accepts(team.send("olga", "m" + i)).getSeq();
        }
        users.forEach(user -> markRead(user, seqs[99]));
        team.state().resetCounts();

        Receipts receipts = assertInstanceOf(Counted.class, team.when(asking(team, "olga", seqs)))
                .receipts();

        assertEquals(100, receipts.getMessagesCount());
        assertTrue(receipts.getMessagesList().stream().allMatch(message -> message.getRead() == 400));
        assertTrue(receipts.getSerializedSize() <= Limits.ANSWER);
        assertEquals(100, team.state().entriesRead());
    }

    private void markRead(String user, long seq) {
        team.accepts(team.command(user).toBuilder()
                .setMarkRead(MarkRead.newBuilder().setSeq(seq))
                .build());
    }

    private static Command naming(Command asking, String afterUserId) {
        return asking.toBuilder()
                .setDescribeReceipts(asking.getDescribeReceipts().toBuilder()
                        .setWithUsers(true)
                        .setAfterUserId(afterUserId))
                .build();
    }

    private void createGroup(String... members) {
        team.accepts(team.group(
                "olga",
                group -> group.setCreate(CreateGroup.newBuilder()
                        .setProfile(GroupProfile.newBuilder().setName("The team"))
                        .addAllMembers(List.of(members)))));
    }

    private static Command delivered(Scene scene, String actor, long seq) {
        return scene.command(actor).toBuilder()
                .setMarkDelivered(MarkDelivered.newBuilder().setSeq(seq))
                .build();
    }

    private static Command carrying(long deliveredSeq, Command command) {
        return command.toBuilder().setDeliveredSeq(deliveredSeq).build();
    }

    private static Command asking(Scene scene, String actor, long... seqs) {
        DescribeReceipts.Builder wanted = DescribeReceipts.newBuilder();
        for (long seq : seqs) {
            wanted.addSeqs(seq);
        }
        return scene.command(actor).toBuilder().setDescribeReceipts(wanted).build();
    }

    private static List<MessageReceipts> counted(Scene scene, String actor, long... seqs) {
        return assertInstanceOf(Counted.class, scene.when(asking(scene, actor, seqs)))
                .receipts()
                .getMessagesList();
    }

    private static MessageReceipts receipts(long seq, int members, int delivered, int read) {
        return MessageReceipts.newBuilder()
                .setSeq(seq)
                .setMembers(members)
                .setDelivered(delivered)
                .setRead(read)
                .build();
    }
}
