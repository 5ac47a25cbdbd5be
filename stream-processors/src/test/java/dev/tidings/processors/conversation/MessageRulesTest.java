package dev.tidings.processors.conversation;

import static dev.tidings.processors.conversation.Scene.asSystem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.TestRecords;
import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Duplicate;
import dev.tidings.processors.conversation.Decision.Unchanged;
import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Role;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SeqRange;
import dev.tidings.v1.SetRole;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MessageRulesTest {

    private final Scene pair = new Scene("p:alice:bob");
    private final Scene team = new Scene("g:team");

    @Test
    void the_sender_may_edit_a_message_for_a_day() {
        pair.accepts(pair.send("alice", "m1"));

        ConversationEvent event = pair.accepts(pair.edit("alice", 1, "better"));

        assertEquals(2, event.getSeq());
        assertEquals(1, event.getMessageIndex());
        assertEquals("m1", event.getMessageEdited().getClientMsgId());
        assertEquals(TestRecords.at(1), event.getMessageEdited().getSentAt());
        assertEquals("better", event.getMessageEdited().getContent().getText().getBody());
        pair.refuses(Refusal.Reason.NOT_ALLOWED, pair.edit("bob", 1, "worse"));
        pair.later(86_400);
        pair.refuses(Refusal.Reason.MESSAGE_TOO_OLD, pair.edit("alice", 1, "too late"));
        pair.accepts(asSystem(pair.edit("", 1, "by the operator")));
    }

    @Test
    void the_sender_may_recall_a_message_for_two_minutes() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.send("alice", "m2"));
        pair.refuses(Refusal.Reason.NOT_ALLOWED, pair.recall("bob", 1));

        MessageRecalled recalled = pair.accepts(pair.recall("alice", 1)).getMessageRecalled();

        assertEquals(1, recalled.getMessageIndex());
        assertTrue(recalled.getCountable());
        assertEquals("alice", recalled.getBy());
        pair.later(120);
        pair.refuses(Refusal.Reason.MESSAGE_TOO_OLD, pair.recall("alice", 2));
    }

    @Test
    void the_policy_sets_the_edit_and_recall_windows() {
        pair.under(FixedRules.of(Policy.newBuilder().setRecallWindowSeconds(5).setEditWindowSeconds(0)));
        pair.accepts(pair.send("alice", "m1"));
        pair.refuses(Refusal.Reason.MESSAGE_TOO_OLD, pair.edit("alice", 1, "no"));
        pair.later(3);

        pair.accepts(pair.recall("alice", 1));
    }

    @Test
    void the_first_of_two_concurrent_changes_in_the_log_counts() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.recall("alice", 1));

        pair.refuses(Refusal.Reason.MESSAGE_RECALLED, pair.edit("alice", 1, "too late"));
        pair.refuses(Refusal.Reason.MESSAGE_RECALLED, pair.recall("alice", 1));
        pair.refuses(Refusal.Reason.MESSAGE_RECALLED, pair.react("bob", 1, "👍"));
        pair.refuses(Refusal.Reason.MESSAGE_RECALLED, pair.pin("bob", 1));
        assertInstanceOf(Decision.Unchanged.class, pair.when(asSystem(pair.recall("", 1))));
    }

    @Test
    void an_erased_message_and_its_erased_edit_are_accepted_again_without_content() {
        pair.under(FixedRules.of(
                Policy.newBuilder().setFlood(Rate.newBuilder().setMessages(1).setSeconds(60))));
        pair.accepts(pair.send("alice", "m1"));

        ConversationEvent sent = pair.accepts(erased(pair.send("alice", "m2", SendMessage.Builder::clearContent)));
        ConversationEvent edited = pair.accepts(erased(pair.edit("alice", 2, "")));

        assertEquals(Content.getDefaultInstance(), sent.getMessageSent().getContent());
        assertEquals(
                Content.getDefaultInstance(),
                edited.getMessageEdited().getContent().toBuilder().clearText().build());
        pair.refuses(Refusal.Reason.CONTENT_EMPTY, pair.send("alice", "m3", SendMessage.Builder::clearContent));
    }

    private static Command erased(Command command) {
        return command.toBuilder().setContentErased(true).build();
    }

    @Test
    void an_admin_may_recall_any_message_at_any_time() {
        createTeam();
        team.accepts(team.send("max", "m1"));
        for (int i = 0; i < RecentEvents.WINDOW; i++) {
            team.accepts(team.send("mia", "m" + i));
        }
        team.refuses(Refusal.Reason.MESSAGE_TOO_OLD, team.recall("max", 3));
        team.refuses(Refusal.Reason.MESSAGE_NOT_FOUND, team.recall("ada", 99_999));

        MessageRecalled recalled = team.accepts(team.recall("ada", 3)).getMessageRecalled();

        assertEquals("", recalled.getMessageId());
        assertEquals("ada", recalled.getBy());
    }

    @Test
    void events_that_are_no_messages_cannot_be_edited_or_recalled() {
        createTeam();
        for (Command command : List.of(
                team.edit("olga", 1, "no"), team.recall("olga", 1), team.react("olga", 1, "👍"), team.pin("olga", 1))) {
            team.refuses(Refusal.Reason.MESSAGE_NOT_FOUND, command);
        }
        team.refuses(Refusal.Reason.MESSAGE_NOT_FOUND, team.edit("olga", 99, "no"));
    }

    @Test
    void an_operation_that_is_twice_in_the_log_leads_to_one_event() {
        pair.accepts(pair.send("alice", "m1"));
        Command edit = pair.edit("alice", 1, "better");
        long seq = pair.accepts(edit).getSeq();

        assertEquals(
                seq, assertInstanceOf(Duplicate.class, pair.when(edit)).answer().getSeq());
    }

    @Test
    void a_reply_names_the_message_it_answers() {
        pair.accepts(pair.send("alice", "m1"));

        ReplyTo reply = pair.accepts(pair.send(
                        "bob",
                        "m1",
                        send -> send.setReplyTo(ReplyTo.newBuilder().setSeq(1).setQuote("forged"))))
                .getMessageSent()
                .getReplyTo();

        assertEquals("alice", reply.getSender());
        assertEquals("command1", reply.getMessageId());
        assertEquals("says m1", reply.getQuote());
        pair.refuses(
                Refusal.Reason.MESSAGE_NOT_FOUND,
                pair.send(
                        "bob",
                        "m2",
                        send -> send.setReplyTo(ReplyTo.newBuilder().setSeq(77))));
    }

    @Test
    void a_forwarded_message_keeps_its_origin() {
        ForwardedFrom origin = ForwardedFrom.newBuilder()
                .setConversationId("g:other")
                .setSeq(7)
                .setSender("zoe")
                .build();

        assertEquals(
                origin,
                pair.accepts(pair.send("alice", "m1", send -> send.setForwardedFrom(origin)))
                        .getMessageSent()
                        .getForwardedFrom());
    }

    @Test
    void only_members_are_mentioned_and_only_admins_mention_all() {
        createTeam();

        Mentions mentions = team.accepts(team.send(
                        "max",
                        "m1",
                        send -> send.setMentions(Mentions.newBuilder()
                                .addUserIds("mia")
                                .addUserIds("sam")
                                .addUserIds("mia"))))
                .getMessageSent()
                .getMentions();

        assertEquals(List.of("mia"), mentions.getUserIdsList());
        Mentions.Builder all = Mentions.newBuilder().setAll(true);
        team.refuses(Refusal.Reason.NOT_ALLOWED, team.send("max", "m2", send -> send.setMentions(all)));
        assertTrue(team.accepts(team.send("ada", "m2", send -> send.setMentions(all)))
                .getMessageSent()
                .getMentions()
                .getAll());
    }

    @Test
    void a_message_that_has_expired_by_the_time_of_the_log_is_not_sent() {
        pair.refuses(Refusal.Reason.EXPIRED, pair.send("alice", "m1", send -> send.setExpiresAt(TestRecords.at(1))));

        ConversationEvent event = pair.accepts(pair.send("alice", "m1", send -> send.setExpiresAt(TestRecords.at(99))));

        assertEquals(TestRecords.at(99), event.getMessageSent().getExpiresAt());
    }

    @Test
    void a_message_with_no_unread_does_not_raise_the_index() {
        pair.accepts(pair.send("alice", "m1"));

        ConversationEvent quiet = pair.accepts(pair.send(
                "alice", "m2", send -> send.setFlags(SendFlags.newBuilder().setNoUnread(true))));

        assertEquals(2, quiet.getSeq());
        assertEquals(1, quiet.getMessageIndex());
        assertFalse(pair.accepts(pair.recall("alice", 2)).getMessageRecalled().getCountable());
    }

    @Test
    void a_reaction_counts_once_until_it_is_removed() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.react("bob", 1, "👍"));
        assertInstanceOf(Unchanged.class, pair.when(pair.react("bob", 1, "👍")));
        pair.accepts(pair.react("alice", 1, "👍"));
        assertTrue(
                pair.accepts(pair.unreact("bob", 1, "👍")).getReactionChanged().getRemoved());

        assertInstanceOf(Unchanged.class, pair.when(pair.unreact("bob", 1, "👍")));
    }

    @Test
    void the_reactions_of_a_user_to_a_message_are_limited() {
        pair.accepts(pair.send("alice", "m1"));
        for (int i = 0; i < ReactionRules.MAX_REACTIONS; i++) {
            pair.accepts(pair.react("bob", 1, "r" + i));
        }
        pair.refuses(Refusal.Reason.TOO_MANY, pair.react("bob", 1, "one more"));

        pair.refuses(Refusal.Reason.INVALID_ARGUMENT, pair.react("alice", 1, ""));
    }

    @Test
    void both_users_pin_in_private_and_admins_in_groups() {
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.pin("bob", 1));
        assertInstanceOf(Unchanged.class, pair.when(pair.pin("alice", 1)));
        assertEquals(List.of(1L), pair.state().group().getPinnedSeqsList());
        pair.accepts(pair.recall("alice", 1));
        assertEquals(List.of(), pair.state().group().getPinnedSeqsList());
        createTeam();
        team.accepts(team.send("max", "m1"));
        team.refuses(Refusal.Reason.NOT_ALLOWED, team.pin("max", 3));

        team.accepts(team.pin("ada", 3));
    }

    @Test
    void messages_deleted_for_oneself_are_kept_as_ranges() {
        for (int i = 1; i <= 10; i++) {
            pair.accepts(pair.send("alice", "m" + i));
        }
        pair.accepts(pair.delete("bob", what -> what.addSeqs(5).addSeqs(3).addSeqs(4)));
        assertInstanceOf(Unchanged.class, pair.when(pair.delete("bob", what -> what.addSeqs(4))));
        pair.accepts(pair.delete("bob", what -> what.addSeqs(9).setUpToSeq(1)));
        pair.refuses(Refusal.Reason.SEQ_OUT_OF_RANGE, pair.delete("bob", what -> what.addSeqs(11)));
        pair.refuses(Refusal.Reason.INVALID_ARGUMENT, pair.delete("bob", what -> what));

        assertEquals(
                List.of(range(1, 1), range(3, 5), range(9, 9)),
                pair.state().member("bob").getDeletedList());
        assertEquals(List.of(), pair.state().member("alice").getDeletedList());
    }

    @Test
    void a_banned_user_may_do_nothing() {
        pair.accepts(pair.send("alice", "m1"));
        pair.under(FixedRules.banning("alice"));

        pair.refuses(Refusal.Reason.BANNED, pair.send("alice", "m2"));
        pair.refuses(Refusal.Reason.BANNED, pair.edit("alice", 1, "no"));
        pair.accepts(pair.send("bob", "m1"));
    }

    @Test
    void words_are_refused_masked_or_flagged() {
        pair.under(FixedRules.about(
                new TreeMap<>(Map.of("verboten", Action.REFUSE, "damn", Action.MASK, "meet me", Action.FLAG))));
        pair.refuses(Refusal.Reason.CONTENT_REFUSED, say("it is Verboten"));
        ConversationEvent masked = pair.accepts(say("DAMN it"));
        assertEquals("**** it", masked.getMessageSent().getContent().getText().getBody());
        assertTrue(masked.getMessageSent().getMasked());

        Accepted accepted = assertInstanceOf(Accepted.class, pair.when(say("meet me outside")));

        ModerationCase flagged = Objects.requireNonNull(accepted.moderationCase());
        assertEquals("meet me", flagged.getFindings(0).getMatch());
        assertEquals("meet me outside", flagged.getContent().getText().getBody());
        assertEquals(accepted.event().getSeq(), flagged.getMessageSeq());
        pair.accepts(asSystem(say("verboten")));
    }

    @Test
    void a_masked_message_that_is_sent_again_is_answered_as_masked() {
        pair.under(FixedRules.about(new TreeMap<>(Map.of("damn", Action.MASK))));
        Command send = say("damn it");
        pair.accepts(send);
        pair.accepts(pair.send("alice", "harmless"));

        assertTrue(assertInstanceOf(Duplicate.class, pair.when(send)).answer().getMasked());
        assertFalse(assertInstanceOf(Duplicate.class, pair.when(pair.send("alice", "harmless")))
                .answer()
                .getMasked());
    }

    @Test
    void an_edit_is_moderated_like_a_message() {
        pair.accepts(pair.send("alice", "m1"));
        pair.under(FixedRules.about(new TreeMap<>(Map.of("verboten", Action.REFUSE))));

        pair.refuses(Refusal.Reason.CONTENT_REFUSED, pair.edit("alice", 1, "verboten"));
    }

    @Test
    void a_flood_is_limited_by_the_time_of_the_log() {
        pair.under(FixedRules.of(
                Policy.newBuilder().setFlood(Rate.newBuilder().setMessages(3).setSeconds(10))));
        for (int i = 0; i < 3; i++) {
            pair.accepts(pair.send("alice", "m" + i));
        }
        pair.refuses(Refusal.Reason.FLOODING, pair.send("alice", "m3"));
        pair.accepts(pair.send("bob", "m0"));
        pair.later(6);

        pair.accepts(pair.send("alice", "m3"));
    }

    @Test
    void repetitions_of_a_text_are_limited() {
        pair.under(FixedRules.of(
                Policy.newBuilder().setRepeats(Rate.newBuilder().setMessages(2).setSeconds(60))));
        pair.accepts(say("Buy now"));
        pair.accepts(say("buy NOW!"));
        pair.refuses(Refusal.Reason.REPEATING, say("BUY now"));

        pair.accepts(say("something else"));
        pair.accepts(say("Buy now"));
    }

    private int sentMessages;

    private Command say(String text) {
        return pair.send("alice", "say" + ++sentMessages, send -> send.setContent(TestRecords.text(text)));
    }

    private void createTeam() {
        team.accepts(team.group(
                "olga",
                group -> group.setCreate(CreateGroup.newBuilder()
                        .setProfile(GroupProfile.newBuilder().setName("The team"))
                        .addAllMembers(List.of("ada", "max", "mia")))));
        team.accepts(team.group(
                "olga",
                group -> group.setSetRole(SetRole.newBuilder().setUserId("ada").setRole(Role.ADMIN))));
    }

    private static SeqRange range(long from, long to) {
        return SeqRange.newBuilder().setFromSeq(from).setToSeq(to).build();
    }
}
