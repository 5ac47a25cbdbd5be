package dev.tidings.ops.cli;

import dev.tidings.ops.deadletters.DeadLetterRecord;
import dev.tidings.ops.deadletters.DeadLetterText;
import dev.tidings.ops.deadletters.DeadLetterTopic;
import dev.tidings.ops.log.KafkaLog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings dlq show}: prints one dead letter completely. */
@Command(
        name = "show",
        description =
                "Prints one dead letter completely: origin, reason, headers, key and value. It may contain message texts.",
        mixinStandardHelpOptions = true)
final class DlqShowCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Parameters(paramLabel = "ID", description = "Id as list prints it.")
    private long id;

    @Override
    public Integer call() {
        DeadLetterRecord letter = new DeadLetterTopic(KafkaLog.of(settings.givenOrRunning())).find(id);
        if (letter == null) {
            throw new CannotRunException("there is no dead letter " + id);
        }
        DeadLetterText.print(letter, spec.commandLine().getOut());
        return 0;
    }
}
