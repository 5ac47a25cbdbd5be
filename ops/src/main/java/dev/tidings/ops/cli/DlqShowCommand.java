package dev.tidings.ops.cli;

import dev.tidings.ops.deadletters.DeadLetter;
import dev.tidings.ops.deadletters.DeadLetters;
import dev.tidings.ops.deadletters.LetterText;
import dev.tidings.ops.log.KafkaLog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings dlq show}: all of one letter. */
@Command(
        name = "show",
        description =
                "All of one letter: where it came from and why, headers, key and value. It may hold what people wrote.",
        mixinStandardHelpOptions = true)
final class DlqShowCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Parameters(paramLabel = "ID", description = "As list says it.")
    private long id;

    @Override
    public Integer call() {
        DeadLetter letter = new DeadLetters(KafkaLog.of(settings.givenOrRunning())).find(id);
        if (letter == null) {
            throw new CannotRunException("there is no letter " + id);
        }
        LetterText.print(letter, spec.commandLine().getOut());
        return 0;
    }
}
