package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.business;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.Command;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import dev.tidings.v1.WordRule;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests that the operator's rules apply to status texts: from the command that changes the rules to the sessions that
 * watch a user.
 */
class ModeratedStatusTest {

    private static final int PARTITIONS = 3;

    private final DrivenTopology conversation =
            DrivenTopology.conversation(new TopicLayout(1, PARTITIONS, 3, (short) 1), StateStore.Kind.MEMORY);
    private final DrivenTopology inbox =
            DrivenTopology.inbox(new TopicLayout(1, 1, 3, (short) 1), StateStore.Kind.MEMORY);

    @BeforeEach
    void bob_is_connected() {
        pipe(open("bob", session("bob-web", "web", 0, 1)));
    }

    @AfterEach
    void close_drivers() {
        conversation.close();
        inbox.close();
    }

    @Test
    void a_status_with_a_refused_word_is_refused_and_the_old_one_stays() {
        assertApplied(status("hiking"));
        change(word("casino", ModerationAction.REFUSE));

        Refusal refusal = status("best casino").getRefusal();

        assertEquals(Refusal.Reason.CONTENT_REFUSED, refusal.getReason());
        assertEquals("hiking", seen());
    }

    @Test
    void a_refused_status_changes_nothing_else_of_the_profile() {
        change(word("casino", ModerationAction.REFUSE));
        String before = inbox.contents().toString();

        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeProfile(ChangeProfile.newBuilder()
                        .setOrigin(origin(0, "bob-web", "f1"))
                        .setStatus("casino")
                        .setGroupInvitations(ChangeProfile.GroupInvitations.NOBODY))
                .build());

        assertEquals(before, inbox.contents().toString());
    }

    @Test
    void a_masked_word_is_masked_for_watchers() {
        change(word("casino", ModerationAction.MASK));

        assertApplied(status("best casino"));

        assertEquals("best ******", seen());
    }

    @Test
    void links_are_refused_as_the_policy_says() {
        change(RulesCommand.newBuilder()
                .setPolicy(Policy.newBuilder()
                        .setLinks(LinkPolicy.newBuilder()
                                .setAction(ModerationAction.REFUSE)
                                .addAllowedHosts("example.com"))));

        assertApplied(status("see https://example.com/hut"));
        assertTrue(status("see https://example.org").hasRefusal());
    }

    @Test
    void a_word_that_is_removed_is_allowed_again() {
        change(word("casino", ModerationAction.REFUSE));
        change(RulesCommand.newBuilder().addRemoveWords("casino"));

        assertApplied(status("best casino"));
    }

    @Test
    void every_partition_of_inbox_gets_the_words_and_no_bans() {
        command(word("casino", ModerationAction.REFUSE).addBan(Ban.newBuilder().setUserId("mallory")));
        command(RulesCommand.newBuilder().addUnban("mallory"));

        List<TestRecord<String, UserCommand>> written = conversation.read(Topics.USER_COMMANDS);

        assertEquals(PARTITIONS, written.size());
        written.forEach(record -> assertEquals(
                UserCommand.newBuilder()
                        .setRules(word("casino", ModerationAction.REFUSE))
                        .build(),
                record.value()));
    }

    private static RulesCommand.Builder word(String word, ModerationAction action) {
        return RulesCommand.newBuilder()
                .addSetWords(WordRule.newBuilder().setWord(word).setAction(action));
    }

    /** Sends an operator's change through CONVERSATION to the first partition of INBOX. */
    private void change(RulesCommand.Builder rules) {
        command(rules);
        pipe(conversation.readValues(Topics.USER_COMMANDS).getFirst());
    }

    private void command(RulesCommand.Builder rules) {
        conversation.pipe(
                Topics.COMMANDS,
                "",
                Command.newBuilder()
                        .setCommandId("rules")
                        .setAsSystem(true)
                        .setOrigin(business("test", "r1"))
                        .setRules(rules)
                        .build(),
                EPOCH_MILLIS);
    }

    private UserAnswer status(String text) {
        inbox.readBytes();
        pipe(UserCommand.newBuilder()
                .setUserId("bob")
                .setChangeProfile(ChangeProfile.newBuilder()
                        .setOrigin(origin(0, "bob-web", "f1"))
                        .setStatus(text))
                .build());
        return inbox.readValues(Topics.DELIVERIES).getFirst().getUserAnswer();
    }

    private static void assertApplied(UserAnswer answer) {
        assertEquals(Applied.getDefaultInstance(), answer.getApplied());
        assertTrue(answer.hasApplied(), answer::toString);
    }

    private String seen() {
        inbox.readBytes();
        pipe(watch("bob", origin(1, "alice-web", "f1"), 1, WatchPresence.Mode.ONCE));
        Delivery delivery = inbox.readValues(Topics.DELIVERIES).getFirst();
        return delivery.getPresence().getPresence().getStatus();
    }

    private void pipe(UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS);
    }
}
