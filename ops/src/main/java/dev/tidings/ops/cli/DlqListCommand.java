package dev.tidings.ops.cli;

import dev.tidings.ops.deadletters.DeadLetterRecord;
import dev.tidings.ops.deadletters.DeadLetterText;
import dev.tidings.ops.deadletters.DeadLetterTopic;
import dev.tidings.ops.deadletters.RecordPosition;
import dev.tidings.ops.log.KafkaLog;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidings dlq list}: prints one line for each dead letter, the newest last. */
@Command(
        name = "list",
        description =
                "Prints one line for each dead letter, the newest last: id, time, topic/partition/offset of the original record, reason.",
        mixinStandardHelpOptions = true)
final class DlqListCommand implements Callable<Integer> {

    private static final String PREFIX = "tidings.";

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Only records of this topic, such as tidings.business or business.")
    private @Nullable String topic;

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            converter = InstantConverter.class,
            description = "Only records since this time: 15m, 2h or 7d (ago), 2026-11-20 or 2026-11-20T20:49:09Z.")
    private @Nullable Instant since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Only the newest N. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit is " + limit + "; at least 1 is needed");
        }
        Deque<String> newest = new ArrayDeque<>();
        long[] found = {0};
        new DeadLetterTopic(KafkaLog.of(settings.givenOrRunning())).forEach(letter -> {
            if (matches(letter)) {
                found[0]++;
                newest.addLast(DeadLetterText.line(letter));
                if (newest.size() > limit) {
                    newest.removeFirst();
                }
            }
        });
        PrintWriter out = spec.commandLine().getOut();
        newest.forEach(out::println);
        out.flush();
        if (newest.isEmpty()) {
            say("there are no dead letters" + (topic == null && since == null ? "" : " that match"));
        } else if (found[0] > newest.size()) {
            say((found[0] - newest.size()) + " older ones are not shown; raise --limit");
        }
        return 0;
    }

    private boolean matches(DeadLetterRecord letter) {
        RecordPosition from = letter.from();
        return (topic == null
                        || (from != null
                                && (from.topic().equals(topic) || from.topic().equals(PREFIX + topic))))
                && (since == null || !letter.time().isBefore(since));
    }

    private void say(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(text);
        err.flush();
    }
}
