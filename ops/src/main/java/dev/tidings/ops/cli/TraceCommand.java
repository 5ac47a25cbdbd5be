package dev.tidings.ops.cli;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.trace.Step;
import dev.tidings.ops.trace.Trace;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings trace}: prints all records of one message. */
@Command(
        name = "trace",
        description = {
            "Prints the records of one message in the order of the flow: command, event, inbox, deliveries, answer,",
            "acknowledgements, notifications and push attempts, with time and offset. Never prints content."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:found", "1:no record found, or Kafka is not reachable", "2:wrong usage"})
final class TraceCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Parameters(
            paramLabel = "MESSAGE-ID",
            description = "The messageId of sequenced or of the event; for other commands the command id.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String messageId;

    @Option(
            names = "--within",
            paramLabel = "MINUTES",
            defaultValue = "60",
            description = "How long after the message to search. Default: ${DEFAULT-VALUE}.")
    private int withinMinutes;

    @Override
    public Integer call() {
        if (withinMinutes < 1) {
            throw new ParameterException(spec.commandLine(), "--within is " + withinMinutes + "; at least 1 is needed");
        }
        List<Step> steps = steps();
        PrintWriter out = spec.commandLine().getOut();
        for (Step step : steps) {
            double seconds = Duration.between(steps.getFirst().at(), step.at()).toMillis() / 1_000.0;
            out.println(String.format(
                    Locale.ROOT,
                    "%s  +%.3f s  %-12s  %-36s  %s",
                    step.at(),
                    seconds,
                    step.stage(),
                    step.position(),
                    step.description()));
        }
        out.flush();
        if (steps.isEmpty()) {
            spec.commandLine().getErr().println("tidings trace: no record of " + messageId);
            spec.commandLine().getErr().flush();
        }
        return steps.isEmpty() ? 1 : 0;
    }

    private List<Step> steps() {
        try {
            return Trace.of(KafkaLog.of(settings.givenOrRunning()), messageId, Duration.ofMinutes(withinMinutes));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
