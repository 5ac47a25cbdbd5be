package dev.tidings.ops.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Command;
import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.RulesCommand;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RulesInForceTest {

    private static final Timestamp NOW = Timestamps.fromSeconds(1_000);

    private final RulesInForce rules = new RulesInForce();

    @Test
    void there_are_no_rules_at_first() {
        assertEquals(List.of(), rules.lines(NOW));
    }

    @Test
    void the_last_change_of_a_word_counts() {
        apply(RuleChanges.setWords(List.of("spam", "casino"), ModerationAction.FLAG));
        apply(RuleChanges.setWords(List.of("casino"), ModerationAction.REFUSE));
        apply(RuleChanges.setWords(List.of("ham"), ModerationAction.MASK));
        apply(RuleChanges.removeWords(List.of("ham", "never there")));

        assertEquals(List.of("word\trefuse\tcasino", "word\tflag\tspam"), rules.lines(NOW));
    }

    @Test
    void bans_are_listed_until_they_are_over_or_lifted() {
        apply(RuleChanges.ban(users("bob", "eve", "mallory"), null));
        apply(RuleChanges.ban(users("dora"), Timestamps.fromSeconds(1_001)));
        apply(RuleChanges.ban(users("eve"), Timestamps.fromSeconds(1_000)));
        apply(RuleChanges.unban(users("mallory")));
        apply(RuleChanges.ban(
                new RuleChanges.Subjects(List.of(), List.of("web-1", "web-2"), List.of("192.0.2.7/24", "::1")), null));
        apply(RuleChanges.unban(new RuleChanges.Subjects(List.of(), List.of("web-2"), List.of("192.0.2.99/24"))));

        assertEquals(
                List.of(
                        "ban\t--address\t0:0:0:0:0:0:0:1/128",
                        "ban\t--device\tweb-1",
                        "ban\tbob",
                        "ban\tdora\tuntil 1970-01-01T00:16:41Z"),
                rules.lines(NOW));
    }

    @Test
    void a_policy_field_that_is_present_replaces_the_one_before() {
        apply(RuleChanges.policy(Policy.newBuilder()
                .setStrangersMayWrite(false)
                .setStrangersMayAdd(false)
                .setRecallWindowSeconds(0)
                .setFlood(Rate.newBuilder().setMessages(10).setSeconds(10))
                .setLinks(LinkPolicy.newBuilder()
                        .setAction(ModerationAction.REFUSE)
                        .addAllowedHosts("example.com")
                        .addAllowedHosts("example.org"))
                .build()));
        apply(RuleChanges.policy(Policy.newBuilder()
                .setFlood(Rate.getDefaultInstance())
                .setRepeats(Rate.newBuilder().setMessages(3).setSeconds(60))
                .setLinks(
                        LinkPolicy.newBuilder().setAction(ModerationAction.FLAG).addAllowedHosts("example.net"))
                .setMedia(MediaPolicy.newBuilder()
                        .setAction(ModerationAction.REFUSE)
                        .addAllowedTypes("image/*")
                        .setMaxBytes(9))
                .setEditWindowSeconds(60)
                .setMaxGroupMembers(50)
                .setLargeGroupThreshold(20)
                .build()));

        assertEquals(
                List.of(
                        "policy\tstrangers\tdeny",
                        "policy\tstrangers-adding\tdeny",
                        "policy\trecall-window\t0s",
                        "policy\tedit-window\t60s",
                        "policy\tmax-group-members\t50",
                        "policy\tlarge-group-threshold\t20",
                        "policy\tflood\toff",
                        "policy\trepeats\t3/60s",
                        "policy\tlinks\tflag\tbut example.net",
                        "policy\tmedia\trefuse\tbut image/*\tup to 9 bytes"),
                rules.lines(NOW));
    }

    @Test
    void a_refused_command_changes_nothing() {
        apply(RuleChanges.setWords(List.of("good", "…"), ModerationAction.FLAG));
        apply(RuleChanges.ban(users("no user"), null));
        rules.apply(
                Command.newBuilder()
                        .setRules(RulesCommand.newBuilder().addUnban("bob"))
                        .build(),
                NOW);
        rules.apply(
                Command.newBuilder()
                        .setConversationId("p:alice:bob")
                        .setActor("bob")
                        .setMarkRead(MarkRead.newBuilder().setSeq(1))
                        .build(),
                NOW);

        assertEquals(List.of(), rules.lines(NOW));
    }

    @Test
    void beyond_a_hundred_thousand_words_a_command_is_refused_as_a_whole() {
        apply(RuleChanges.setWords(
                IntStream.range(0, 99_999).mapToObj(i -> "w" + i).toList(), ModerationAction.FLAG));

        apply(RuleChanges.setWords(List.of("a", "b"), ModerationAction.FLAG));
        apply(RuleChanges.setWords(List.of("c"), ModerationAction.MASK));

        assertEquals(100_000, rules.lines(NOW).size());
        assertEquals("word\tmask\tc", rules.lines(NOW).getFirst());
    }

    @Test
    void beyond_a_hundred_thousand_bans_a_command_is_refused_as_a_whole() {
        apply(RuleChanges.ban(
                users(IntStream.range(0, 99_999).mapToObj(i -> "u" + i).toArray(String[]::new)), null));

        apply(RuleChanges.ban(users("a", "b"), null));
        apply(RuleChanges.ban(users("c"), null));

        assertEquals(100_000, rules.lines(NOW).size());
        assertEquals("ban\tc", rules.lines(NOW).getFirst());
    }

    @Test
    void bans_that_are_over_do_not_count_towards_the_limit() {
        Timestamp later =
                Timestamp.newBuilder().setSeconds(NOW.getSeconds() + 60).build();
        apply(RuleChanges.ban(
                users(IntStream.range(0, 100_000).mapToObj(i -> "u" + i).toArray(String[]::new)), later));

        apply(RuleChanges.ban(users("a"), null));
        apply(RuleChanges.ban(users("b"), null), later);

        assertEquals(List.of("ban\tb"), rules.lines(later));
    }

    private void apply(List<RulesCommand> changes) {
        apply(changes, NOW);
    }

    private void apply(List<RulesCommand> changes, Timestamp at) {
        changes.forEach(change -> rules.apply(
                Command.newBuilder().setAsSystem(true).setRules(change).build(), at));
    }

    private static RuleChanges.Subjects users(String... ids) {
        return RuleChanges.Subjects.ofUsers(List.of(ids));
    }
}
