package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.clickhouse.ClickHouseSinkTask;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.AllMuted;
import dev.tidings.v1.BlockChanged;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Finding;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.FriendAccepted;
import dev.tidings.v1.FriendDeclined;
import dev.tidings.v1.FriendRemoved;
import dev.tidings.v1.FriendRequested;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupDissolved;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupUpdated;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MemberMuted;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows and entries that the sinks write to a real ClickHouse and Redis, and history that is read from them. The random test
 * prints its seed; {@code -Dtidings.seed=<seed>} repeats it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class SinksAndHistoryIT {

    private DrivenSinks sinks;

    @BeforeAll
    void start(@TempDir Path directory) {
        sinks = DrivenSinks.start(directory);
    }

    @AfterAll
    void stop() {
        sinks.close();
    }

    @Test
    void a_message_is_one_row_with_its_current_state() {
        List<ConversationEvent> log = List.of(
                Events.message("g:stands", 1),
                message("g:stands", 2),
                Events.message("g:stands", 3),
                Events.edit("g:stands", 4, 2),
                Events.edit("g:stands", 5, 2),
                Events.edit("g:stands", 6, 3),
                Events.recall("g:stands", 7, 3),
                Events.recall("g:stands", 8, 1));
        List<String> expected = List.of(
                "(1,'alice','text','','',8,true,'admin',0,0,[],'',0)",
                "(2,'bob','text','edited by 5','{\"text\":{\"body\":\"edited by 5\"}}',5,false,'',1,1,[],'g:origin',9)",
                "(3,'alice','text','','',7,true,'admin',1,0,[],'',0)");

        sinks.put(log);

        assertEquals(expected, standing("g:stands"));
        for (int split = 1; split < log.size(); split++) {
            sinks.put(log.subList(0, split));
            sinks.put(log.subList(split, log.size()));
            assertEquals(expected, standing("g:stands"), "split at " + split);
        }
    }

    @Test
    void a_recall_of_an_unknown_message_adds_no_row() {
        sinks.put(List.of(Events.recall("g:nothing", 5, 1)));

        assertEquals(List.of(), standing("g:nothing"));
    }

    @Test
    void ids_may_contain_quotes() {
        String id = "g:it's \\ \u00e9\u0001";
        sinks.put(List.of(Events.message(id, 1), Events.recall(id, 2, 1)));

        assertEquals(
                List.of("1"),
                sinks.column("SELECT toString(count()) FROM tidings.messages FINAL"
                        + " WHERE startsWith(conversation_id, 'g:it') AND recalled"));
        assertEquals(List.of(), sinks.reported());
    }

    @Test
    void a_change_that_ClickHouse_rejects_is_reported_and_others_are_stored() throws Exception {
        sinks.put(List.of(
                Events.message("g:refused", 1), Events.message("g:refused", 2), Events.message("g:refused", 3)));
        sinks.execute("ALTER TABLE tidings.messages ADD CONSTRAINT no_recall CHECK"
                + " NOT (conversation_id = 'g:refused' AND seq = 2 AND recalled)");
        ConversationEvent refused = Events.recall("g:refused", 5, 2);
        try {
            sinks.putIntoClickHouse(
                    List.of(Events.recall("g:refused", 4, 1), refused, Events.recall("g:refused", 6, 3)));
        } finally {
            sinks.execute("ALTER TABLE tidings.messages DROP CONSTRAINT no_recall");
        }

        assertEquals(
                List.of("1", "3"),
                sinks.column("SELECT toString(seq) FROM tidings.messages FINAL"
                        + " WHERE conversation_id = 'g:refused' AND recalled ORDER BY seq"));
        assertEquals(1, sinks.reported().size());
        sinks.reported().clear();
    }

    @Test
    void reactions_are_stored_until_they_are_removed() {
        List<ConversationEvent> log = List.of(
                Events.message("g:reactions", 1),
                reaction(2, "alice", "+1", false),
                reaction(3, "bob", "+1", false),
                reaction(4, "alice", "+1", true));
        for (int split = 0; split < log.size(); split++) {
            sinks.put(log.subList(0, split));
            sinks.put(log.subList(split, log.size()));
        }
        assertEquals(
                List.of("bob"),
                sinks.column("SELECT user_id FROM tidings.reactions FINAL"
                        + " WHERE conversation_id = 'g:reactions' AND NOT removed"));
        assertEquals(List.of("(1,1)"), sinks.column("SELECT toString((times, users)) FROM tidings.reaction_use"));
    }

    @Test
    void pins_are_stored_until_they_are_removed_or_the_message_is_recalled() {
        List<ConversationEvent> log = List.of(
                Events.message("g:pins", 1),
                Events.message("g:pins", 2),
                Events.message("g:pins", 3),
                pin("g:pins", 4, 1, false),
                pin("g:pins", 5, 2, false),
                pin("g:pins", 6, 3, false),
                pin("g:pins", 7, 1, true),
                Events.event("g:pins", 8)
                        .setMessageRecalled(
                                MessageRecalled.newBuilder().setSeq(2).setBy("olga"))
                        .build());
        for (int split = 0; split < log.size(); split++) {
            sinks.put(log.subList(0, split));
            sinks.put(log.subList(split, log.size()));
        }
        assertEquals(List.of("(3,'olga',6)"), pinned("g:pins"));
    }

    @Test
    void pins_from_before_the_table_existed_are_in_it() throws Exception {
        sinks.put(List.of(
                Events.message("g:before", 1),
                Events.message("g:before", 2),
                pin("g:before", 3, 1, false),
                pin("g:before", 4, 2, false),
                pin("g:before", 5, 2, true)));
        sinks.execute("TRUNCATE TABLE tidings.pin_changes");
        assertEquals(List.of(), pinned("g:before"));

        sinks.execute(statement("V005__pins.sql", "INSERT INTO"));

        assertEquals(List.of("(1,'olga',3)"), pinned("g:before"));
    }

    private List<String> pinned(String conversationId) {
        return sinks.column("SELECT toString((seq, pinned_by, version)) FROM tidings.pins WHERE conversation_id = '"
                + conversationId + "'");
    }

    private static String statement(String migration, String beginning) throws IOException {
        try (InputStream script =
                Objects.requireNonNull(ClickHouseSinkTask.class.getResourceAsStream("migrations/" + migration))) {
            String all = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            int begin = all.indexOf(beginning);
            return all.substring(begin, all.indexOf(';', begin));
        }
    }

    @Test
    void groups_and_members_have_the_state_of_their_newest_events() {
        GroupProfile chess = GroupProfile.newBuilder().setName("Chess").build();
        GroupProfile open = chess.toBuilder()
                .setName("Open chess")
                .setJoinPolicy(JoinPolicy.OPEN)
                .build();
        Timestamp until = Timestamps.fromMillis(1_900_000_000_000L);
        List<ConversationEvent> log = List.of(
                group(1).setGroupCreated(GroupCreated.newBuilder()
                                .setProfile(chess)
                                .setOwner("alice")
                                .addAllMembers(List.of("alice", "bob", "carol")))
                        .build(),
                group(2).setMembersAdded(MembersAdded.newBuilder()
                                .setBy("alice")
                                .addAllUserIds(List.of("dave", "erin"))
                                .setMemberCount(5)
                                .setProfile(chess))
                        .build(),
                group(3).setRoleChanged(RoleChanged.newBuilder()
                                .setBy("alice")
                                .setUserId("bob")
                                .setRole(Role.ADMIN))
                        .build(),
                group(4).setMemberMuted(MemberMuted.newBuilder()
                                .setBy("bob")
                                .setUserId("carol")
                                .setUntil(until))
                        .build(),
                group(5).setMemberMuted(MemberMuted.newBuilder()
                                .setBy("bob")
                                .setUserId("dave")
                                .setUntil(until))
                        .build(),
                group(6).setMemberMuted(MemberMuted.newBuilder().setBy("bob").setUserId("dave"))
                        .build(),
                group(7).setGroupUpdated(
                                GroupUpdated.newBuilder().setBy("alice").setProfile(open))
                        .build(),
                group(8).setMemberLeft(MemberLeft.newBuilder().setUserId("dave").setMemberCount(4))
                        .build(),
                group(9).setMembersRemoved(MembersRemoved.newBuilder()
                                .setBy("bob")
                                .addUserIds("erin")
                                .setMemberCount(3))
                        .build(),
                group(10)
                        .setMembersAdded(MembersAdded.newBuilder()
                                .setBy("dave")
                                .setCause(MembersAdded.Cause.JOINED)
                                .addUserIds("dave")
                                .setMemberCount(4)
                                .setProfile(open))
                        .build(),
                group(11)
                        .setOwnershipTransferred(OwnershipTransferred.newBuilder()
                                .setFrom("alice")
                                .setTo("bob"))
                        .build(),
                group(12)
                        .setAllMuted(AllMuted.newBuilder().setBy("bob").setMuted(true))
                        .build());

        for (int split = 0; split < log.size(); split++) {
            sinks.put(log.subList(0, split));
            sinks.put(log.subList(split, log.size()));
        }

        assertEquals(
                List.of(
                        "('alice',true,'admin',1,NULL,NULL,11)",
                        "('bob',true,'owner',1,NULL,NULL,11)",
                        "('carol',true,'member',1,NULL,'2030-03-17 17:46:40.000',4)",
                        "('dave',true,'member',10,NULL,NULL,10)",
                        "('erin',false,'',2,'2026-04-01 00:00:06.123',NULL,9)"),
                sinks.column("SELECT toString((user_id, belongs, role, joined_seq, left_at, muted_until, version))"
                        + " FROM tidings.members WHERE conversation_id = 'g:group' ORDER BY user_id"));
        assertEquals(
                List.of("('Open chess','open','bob',4,true,false,'2026-03-31 23:59:58.123',12)"),
                sinks.column("SELECT toString((name, join_policy, owner, member_count, all_muted, dissolved,"
                        + " created_at, version)) FROM tidings.groups WHERE conversation_id = 'g:group'"));
        assertEquals(
                List.of("4"),
                sinks.column("SELECT toString(members) FROM tidings.group_sizes WHERE conversation_id = 'g:group'"));

        sinks.put(List.of(group(13)
                .setGroupDissolved(GroupDissolved.newBuilder().setBy("bob"))
                .build()));
        assertEquals(
                List.of(),
                sinks.column("SELECT toString(members) FROM tidings.group_sizes WHERE conversation_id = 'g:group'"));
    }

    @Test
    void relations_are_stored_from_both_sides() {
        List<ConversationEvent> log = List.of(
                relation(1, 1)
                        .setFriendRequested(
                                FriendRequested.newBuilder().setBy("amy").setNote("hi"))
                        .build(),
                relation(0, 2)
                        .setFriendDeclined(FriendDeclined.newBuilder().setBy("ben"))
                        .build(),
                relation(2, 3)
                        .setFriendRequested(FriendRequested.newBuilder().setBy("ben"))
                        .build(),
                relation(0, 4)
                        .setBlockChanged(BlockChanged.newBuilder().setBy("amy").setBlocked(true))
                        .build());
        List<ConversationEvent> friends = List.of(
                relation(3, 5)
                        .setFriendAccepted(FriendAccepted.newBuilder().setBy("amy"))
                        .build(),
                relation(0, 6)
                        .setBlockChanged(BlockChanged.newBuilder().setBy("amy"))
                        .build());
        List<ConversationEvent> over = List.of(relation(4, 7)
                .setFriendRemoved(FriendRemoved.newBuilder().setBy("ben"))
                .build());

        sinks.put(log);
        assertEquals(List.of("('amy',false,false,true)", "('ben',false,true,false)"), relations());
        sinks.put(friends);
        sinks.put(log);
        assertEquals(List.of("('amy',true,false,false)", "('ben',true,false,false)"), relations());
        sinks.put(over);
        sinks.put(friends);
        assertEquals(List.of("('amy',false,false,false)", "('ben',false,false,false)"), relations());
        assertEquals(
                List.of("1", "2", "3", "4"),
                sinks.column("SELECT toString(seq) FROM tidings.events FINAL"
                        + " WHERE conversation_id = 'p:amy:ben' ORDER BY seq"));
    }

    @Test
    void views_for_analysts_answer() {
        sinks.put(List.of(Events.message("g:views", 1), Events.message("g:views", 2), Events.recall("g:views", 3, 1)));
        ModerationCase found = ModerationCase.newBuilder()
                .setConversationId("g:views")
                .setSeq(2)
                .setMessageSeq(2)
                .addFindings(Finding.newBuilder()
                        .setKind(Finding.Kind.LINK)
                        .setMatch("example.com")
                        .setAction(ModerationAction.MASK))
                .setAt(Timestamps.fromMillis(Events.FIRST_SENT_AT.toEpochMilli()))
                .build();
        sinks.putCases(List.of(found, found));

        assertEquals(
                List.of("('2026-03-31','link','mask',1)"),
                sinks.column("SELECT toString((day, kind, action, cases)) FROM tidings.moderation_by_day"));
        assertFalse(sinks.column("SELECT toString(recalled_messages) FROM tidings.recall_rate_by_day"
                        + " WHERE recalled_messages > 0 AND recall_rate > 0 AND recall_rate <= 1")
                .isEmpty());
    }

    @Test
    void history_equals_the_log_after_random_batches_and_losses_in_redis() {
        long seed = Long.getLong("tidings.seed", new Random().nextLong());
        System.out.println("tidings.seed=" + seed);
        Random random = new Random(seed);
        String id = "g:random" + Math.abs(seed);
        List<ConversationEvent> log = randomLog(random, id, 150);

        int done = 0;
        while (done < log.size()) {
            if (random.nextInt(6) == 0) {
                sinks.loseInRedis(random.nextBoolean() ? RedisKeys.changes(id) : RedisKeys.recentEvents(id));
            }
            if (random.nextInt(4) == 0 && done > 0) {
                int from = random.nextInt(done);
                sinks.put(log.subList(from, from + random.nextInt(done - from) + 1));
            }
            int end = Math.min(log.size(), done + 1 + random.nextInt(12));
            for (int times = random.nextInt(2); times >= 0; times--) {
                sinks.put(log.subList(done, end));
            }
            done = end;
            List<ConversationEvent> expected = asItStands(log.subList(0, done));
            for (int reads = 0; reads < 5; reads++) {
                int from = 1 + random.nextInt(done);
                int to = from + random.nextInt(done - from + 1);
                HistoryRange range = sinks.history().read(id, from, to, 200);
                assertEquals(
                        expected.subList(from - 1, to),
                        range.events(),
                        from + " to " + to + " of " + done + ", -Dtidings.seed=" + seed);
            }
        }
        List<String> texts = asItStands(log).stream()
                .filter(ConversationEvent::hasMessageSent)
                .map(event -> event.getSeq() + ":"
                        + event.getMessageSent().getContent().getText().getBody())
                .toList();
        assertEquals(
                texts,
                sinks.column("SELECT concat(toString(seq), ':', text) FROM tidings.messages FINAL"
                        + " WHERE conversation_id = '" + id + "' ORDER BY seq"),
                "-Dtidings.seed=" + seed);
    }

    private static List<ConversationEvent> randomLog(Random random, String id, int length) {
        List<ConversationEvent> log = new ArrayList<>();
        List<Long> messages = new ArrayList<>();
        for (long seq = 1; seq <= length; seq++) {
            int kind = messages.isEmpty() ? 0 : random.nextInt(10);
            if (kind < 5) {
                log.add(Events.message(id, seq));
                messages.add(seq);
            } else {
                long message = messages.get(random.nextInt(messages.size()));
                if (kind < 8) {
                    log.add(Events.edit(id, seq, message));
                } else {
                    log.add(Events.recall(id, seq, message));
                    messages.remove(message); // no event changes it after that
                }
            }
        }
        return log;
    }

    /** Computes the expected state in the simplest way. */
    private static List<ConversationEvent> asItStands(List<ConversationEvent> log) {
        Map<Long, ConversationEvent> edits = new TreeMap<>();
        Map<Long, ConversationEvent> recalls = new TreeMap<>();
        for (ConversationEvent event : log) {
            switch (event.getBodyCase()) {
                case MESSAGE_EDITED -> edits.put(event.getMessageEdited().getSeq(), event);
                case MESSAGE_RECALLED -> recalls.put(event.getMessageRecalled().getSeq(), event);
                default -> {}
            }
        }
        List<ConversationEvent> stands = new ArrayList<>();
        Set<Long> gone = new HashSet<>(recalls.keySet());
        for (ConversationEvent event : log) {
            ConversationEvent.Builder shown = event.toBuilder();
            if (event.hasMessageSent() && recalls.containsKey(event.getSeq())) {
                shown.getMessageSentBuilder().clearContent();
                shown.getMessageSentBuilder()
                        .getStateBuilder()
                        .setRecalledSeq(recalls.get(event.getSeq()).getSeq())
                        .setRecalledBy("admin");
            } else if (event.hasMessageSent() && edits.containsKey(event.getSeq())) {
                ConversationEvent edit = edits.get(event.getSeq());
                shown.getMessageSentBuilder()
                        .setContent(edit.getMessageEdited().getContent())
                        .getStateBuilder()
                        .setEditedSeq(edit.getSeq());
            } else if (event.hasMessageEdited()
                    && gone.contains(event.getMessageEdited().getSeq())) {
                shown.getMessageEditedBuilder().clearContent();
            }
            stands.add(shown.build());
        }
        return stands;
    }

    private List<String> standing(String conversationId) {
        return sinks.column("SELECT toString((seq, sender, content_type, text, content, version, recalled, recalled_by,"
                + " edited_at IS NOT NULL, reply_to_seq, mentions, forwarded_from_conversation_id, forwarded_from_seq))"
                + " FROM tidings.messages FINAL WHERE conversation_id = '" + conversationId + "' ORDER BY seq");
    }

    private List<String> relations() {
        return sinks.column("SELECT toString((user_id, friends, requested, blocked)) FROM tidings.relations"
                + " WHERE conversation_id = 'p:amy:ben' ORDER BY user_id");
    }

    /** Keeps the fields that an edit does not repeat. */
    private static ConversationEvent message(String conversationId, long seq) {
        ConversationEvent plain = Events.message(conversationId, seq);
        MessageSent sent = plain.getMessageSent().toBuilder()
                .setReplyTo(ReplyTo.newBuilder().setSeq(1))
                .setMentions(Mentions.newBuilder().addUserIds("carol"))
                .setForwardedFrom(
                        ForwardedFrom.newBuilder().setConversationId("g:origin").setSeq(9))
                .build();
        return plain.toBuilder().setMessageSent(sent).build();
    }

    private static ConversationEvent reaction(long seq, String userId, String reaction, boolean removed) {
        return Events.event("g:reactions", seq)
                .setReactionChanged(ReactionChanged.newBuilder()
                        .setSeq(1)
                        .setUserId(userId)
                        .setReaction(reaction)
                        .setRemoved(removed))
                .build();
    }

    private static ConversationEvent pin(String conversationId, long seq, long messageSeq, boolean unpinned) {
        return Events.event(conversationId, seq)
                .setPinChanged(
                        PinChanged.newBuilder().setSeq(messageSeq).setBy("olga").setUnpinned(unpinned))
                .build();
    }

    private static ConversationEvent.Builder group(long seq) {
        return Events.event("g:group", seq);
    }

    /** @param second when it happens, since some of it has no seq */
    private static ConversationEvent.Builder relation(long seq, long second) {
        return Events.event("p:amy:ben", second).setSeq(seq);
    }
}
