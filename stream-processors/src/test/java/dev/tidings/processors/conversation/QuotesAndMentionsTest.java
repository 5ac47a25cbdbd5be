package dev.tidings.processors.conversation;

import static dev.tidings.processors.conversation.Scene.asSystem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.EncryptedContent;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.Policy;
import dev.tidings.v1.ReplyTo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The beginning of a text and the mentions that are kept of a message, and the later events that contain them. */
class QuotesAndMentionsTest {

    private final Scene pair = new Scene("p:alice:bob");
    private final Scene team = new Scene("g:team");
    private int sentMessages;

    @Test
    void the_server_makes_the_quote_and_ignores_the_clients() {
        pair.accepts(say("alice", TestRecords.text("see you at eight")));

        assertEquals("see you at eight", quote(1));
    }

    @Test
    void a_quote_is_at_most_160_bytes_and_ends_with_a_whole_character() {
        pair.accepts(say("alice", TestRecords.text("a".repeat(157) + "👨\u200D👩\u200D👧 and more")));

        assertEquals("a".repeat(157), quote(1));
    }

    @Test
    void a_quote_is_the_masked_text_that_everyone_sees() {
        pair.under(FixedRules.about(new TreeMap<>(Map.of("damn", Action.MASK))));
        pair.accepts(say("alice", TestRecords.text("damn rain")));

        assertEquals("**** rain", quote(1));
    }

    @Test
    void a_quote_follows_edits() {
        pair.accepts(say("alice", TestRecords.text("at eight")));
        pair.accepts(pair.edit("alice", 1, "at nine"));

        assertEquals("at nine", quote(1));
    }

    @Test
    void a_recalled_message_is_not_quoted_and_its_text_is_not_kept() {
        pair.accepts(say("alice", TestRecords.text("secret")));
        pair.accepts(pair.recall("alice", 1));

        assertEquals("", quote(1));
        assertFalse(Objects.requireNonNull(pair.state().entry(1)).toString().contains("secret"));
    }

    @Test
    void an_expired_message_is_not_quoted() {
        pair.accepts(pair.send("alice", "m1", send -> send.setExpiresAt(TestRecords.at(pair.now() + 60))));
        assertEquals("says m1", quote(1));
        pair.later(60);

        assertEquals("", quote(1));
    }

    @Test
    void an_edit_and_a_reply_say_when_the_message_expires() {
        Timestamp end = TestRecords.at(pair.now() + 60);
        pair.accepts(pair.send("alice", "m1", send -> send.setExpiresAt(end)));

        ConversationEvent reply = pair.accepts(pair.send(
                "bob", "m2", send -> send.setReplyTo(ReplyTo.newBuilder().setSeq(1))));
        ConversationEvent edit = pair.accepts(pair.edit("alice", 1, "other words"));

        assertEquals(end, reply.getMessageSent().getReplyTo().getExpiresAt());
        assertEquals(end, edit.getMessageEdited().getExpiresAt());
    }

    @Test
    void a_message_that_is_encrypted_or_has_no_text_is_not_quoted() {
        pair.accepts(say(
                "alice",
                Content.newBuilder()
                        .setEncrypted(EncryptedContent.newBuilder()
                                .setScheme("mls")
                                .setPayload(ByteString.copyFromUtf8("text")))
                        .build()));
        MediaReference photo = MediaReference.newBuilder()
                .setUrl("https://media.example/1")
                .setMimeType("image/png")
                .build();
        pair.accepts(say("alice", image(photo, "")));
        pair.accepts(say("alice", image(photo, "the lake")));

        assertEquals("", quote(1));
        assertEquals("", quote(2));
        assertEquals("the lake", quote(3));
    }

    @Test
    void an_edit_contains_the_previous_mentions() {
        createGroup("max", "mia", "zoe");
        team.accepts(mentioning("olga", "max", "mia"));

        MessageEdited edited = team.accepts(edit(2, mentions("mia", "zoe"))).getMessageEdited();
        assertEquals(mentions("max", "mia"), edited.getPreviousMentions());
        assertEquals(mentions("mia", "zoe"), edited.getMentions());
        assertEquals(
                mentions("mia", "zoe"),
                team.accepts(edit(2, Mentions.getDefaultInstance()))
                        .getMessageEdited()
                        .getPreviousMentions());
        assertFalse(team.accepts(edit(2, mentions("max"))).getMessageEdited().hasPreviousMentions());
        assertEquals(
                mentions("max"),
                team.accepts(team.recall("olga", 2)).getMessageRecalled().getMentions());
    }

    @Test
    void in_a_large_group_an_edit_names_users_who_are_or_were_mentioned() {
        team.under(FixedRules.of(Policy.newBuilder().setLargeGroupThreshold(1)));
        createGroup("max", "mia", "zoe");
        team.accepts(mentioning("olga", "max", "mia"));

        assertEquals(Set.of("max", "mia", "zoe"), named(edit(2, mentions("mia", "zoe"))));
        assertEquals(Set.of("mia", "zoe"), named(team.recall("olga", 2)));
    }

    @Test
    void a_recall_reaches_users_who_were_mentioned_while_the_group_was_small() {
        createGroup("max", "mia");
        team.accepts(mentioning("olga", "max"));
        team.under(FixedRules.of(Policy.newBuilder().setLargeGroupThreshold(1)));
        team.accepts(team.group(
                "olga", group -> group.setAddMembers(AddMembers.newBuilder().addUserIds("zoe"))));

        assertEquals(Set.of("max"), named(team.recall("olga", 2)));
    }

    @Test
    void an_admins_late_recall_contains_the_mentions() {
        createGroup("max", "mia");
        team.accepts(mentioning("olga", "max"));
        for (int i = 0; i < RecentEvents.WINDOW; i++) {
            team.accepts(team.send("mia", "more" + i));
        }

        MessageRecalled recalled = team.accepts(team.recall("olga", 2)).getMessageRecalled();

        assertEquals(mentions("max"), recalled.getMentions());
        assertEquals(1, recalled.getMessageIndex());
        assertEquals("", recalled.getMessageId());
    }

    @Test
    void mentions_are_kept_for_the_newest_1024_messages_with_mentions() {
        InMemoryConversation conversation = new InMemoryConversation();
        int messages = 3 * RecentEvents.MENTIONS_KEPT;
        for (int seq = 1; seq <= messages; seq++) {
            var sent = TestRecords.sent("p:alice:bob", seq, "alice", "m" + seq).toBuilder();
            sent.getMessageSentBuilder().setMentions(mentions("bob"));
            conversation.evolve(sent.build());
        }

        // one more, as its message can still be edited: entries are deleted after mentions
        assertEquals(RecentEvents.MENTIONS_KEPT + 1, conversation.mentionsKept());
        assertEquals(RecentEvents.MENTIONS_KEPT + 1, conversation.head().getMentionsKept());
        assertEquals(mentions("bob"), conversation.mentions(messages).getMentions());
    }

    private TreeSet<String> named(Command command) {
        TreeSet<String> named = team.audience(command).users();
        team.accepts(command);
        return named;
    }

    private Command say(String actor, Content content) {
        return pair.send(actor, "say" + ++sentMessages, send -> send.setContent(content));
    }

    private String quote(long seq) {
        Command reply = pair.send(
                "bob",
                "reply" + ++sentMessages,
                send -> send.setReplyTo(ReplyTo.newBuilder().setSeq(seq).setQuote("forged")));
        return pair.accepts(asSystem(reply)).getMessageSent().getReplyTo().getQuote();
    }

    private static Content image(MediaReference photo, String caption) {
        return Content.newBuilder()
                .setImage(ImageContent.newBuilder().setMedia(photo).setCaption(caption))
                .build();
    }

    private void createGroup(String... members) {
        team.accepts(team.group(
                "olga",
                group -> group.setCreate(CreateGroup.newBuilder()
                        .setProfile(GroupProfile.newBuilder().setName("The team"))
                        .addAllMembers(List.of(members)))));
    }

    private Command mentioning(String actor, String... userIds) {
        return team.send(actor, "say" + ++sentMessages, send -> send.setMentions(mentions(userIds)));
    }

    private Command edit(long seq, Mentions mentions) {
        Command edit = team.edit("olga", seq, "better");
        return edit.toBuilder()
                .setEditMessage(edit.getEditMessage().toBuilder().setMentions(mentions))
                .build();
    }

    private static Mentions mentions(String... userIds) {
        return Mentions.newBuilder().addAllUserIds(List.of(userIds)).build();
    }
}
