package dev.tidings.ops.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleChangesTest {

    @Test
    void a_few_words_are_one_command_without_repeats() {
        List<RulesCommand> commands = RuleChanges.setWords(List.of("casino", "赌场", "casino"), ModerationAction.MASK);

        assertEquals(
                List.of(RulesCommand.newBuilder()
                        .addSetWords(WordRule.newBuilder().setWord("casino").setAction(ModerationAction.MASK))
                        .addSetWords(WordRule.newBuilder().setWord("赌场").setAction(ModerationAction.MASK))
                        .build()),
                commands);
    }

    @Test
    void more_than_ten_thousand_are_several_commands_in_order() {
        List<String> words = IntStream.range(0, 25_000).mapToObj(i -> "w" + i).toList();

        List<RulesCommand> commands = RuleChanges.removeWords(words);

        assertEquals(
                List.of(10_000, 10_000, 5_000),
                commands.stream().map(RulesCommand::getRemoveWordsCount).toList());
        assertEquals(
                words,
                commands.stream()
                        .flatMap(command -> command.getRemoveWordsList().stream())
                        .toList());
    }

    @Test
    void long_words_are_several_commands_so_that_each_fits_into_a_request() {
        List<String> words = IntStream.range(0, 10_000)
                .mapToObj(i -> "字".repeat(58) + (100_000 + i))
                .toList();

        List<RulesCommand> commands = RuleChanges.setWords(words, ModerationAction.FLAG);

        assertTrue(commands.size() > 1);
        assertTrue(commands.stream().allMatch(command -> command.getSerializedSize() <= RuleChanges.MAX_BYTES));
        assertEquals(
                10_000,
                commands.stream().mapToInt(RulesCommand::getSetWordsCount).sum());
    }

    @Test
    void a_ban_without_an_end_is_permanent() {
        Ban forGood = RuleChanges.ban(RuleChanges.Subjects.ofUsers(List.of("bob")), null)
                .getFirst()
                .getBan(0);
        Ban forNow = RuleChanges.ban(RuleChanges.Subjects.ofUsers(List.of("bob")), Timestamps.fromSeconds(9))
                .getFirst()
                .getBan(0);

        assertFalse(forGood.hasUntil());
        assertEquals(9, forNow.getUntil().getSeconds());
    }

    @Test
    void an_empty_change_is_no_command() {
        assertEquals(List.of(), RuleChanges.unban(RuleChanges.Subjects.ofUsers(List.of())));
    }
}
