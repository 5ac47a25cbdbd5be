package dev.tidings.ops.cli;

import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.replay.CannotReplayException;
import dev.tidings.ops.replay.Replay;
import dev.tidings.ops.replay.ReplayPlan;
import dev.tidings.ops.replay.ReplayReport;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code tidings replay}: checks that this build makes the same decisions as recorded. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Replays the recorded commands through the CONVERSATION topology of this build, and compares its events"
                    + " with the recorded ones, byte by byte. Writes nothing to Kafka.",
            "A decision depends on all decisions before it. So the replay always begins at the first command of a"
                    + " partition; --from and --limit select which commands are compared. Commands without a committed"
                    + " decision are left out."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all compared events are equal",
            "1:at least one event differs",
            "2:the replay is not possible, such as when the beginning of the log is deleted; or wrong usage"
        })
final class ReplayCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            converter = FromConverter.class,
            description = "First command to compare: EARLIEST, an offset, or a time (2h or 7d ago, 2026-11-20,"
                    + " 2026-11-20T20:49:09Z). Default: EARLIEST.")
    private ReplayPlan.From from = new ReplayPlan.From.Earliest();

    @Option(names = "--conversation", paramLabel = "ID", description = "Only this conversation. May be repeated.")
    private Set<String> conversations = new LinkedHashSet<>();

    @Option(names = "--partition", paramLabel = "N", description = "Only this partition of commands. May be repeated.")
    private Set<Integer> partitions = new LinkedHashSet<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Compare at most N commands of each partition. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--out", paramLabel = "FILE", description = "Also writes the report to this file, as JSON.")
    private @Nullable Path out;

    @Override
    public Integer call() {
        ReplayPlan plan = plan();
        Settings known = settings.givenOrRunning();
        ProcessorsConfig config = ProcessorsConfig.from(known);
        try (DataDirectory state = DataDirectory.of(null)) {
            ReplayReport report =
                    new Replay(KafkaLog.of(known), config.withStateDirectory(state.path())).run(plan, this::print);
            report.print(spec.commandLine().getOut());
            if (out != null) {
                Files.writeString(out, report.toJson());
            }
            return report.isEqual() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } catch (CannotReplayException | KafkaException e) {
            return fail(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return fail("the report cannot be written: " + e);
        }
    }

    private int fail(String why) {
        print(spec.qualifiedName() + ": " + why);
        return CommandLine.ExitCode.USAGE;
    }

    private ReplayPlan plan() {
        if (limit < 1) {
            throw usage("--limit is " + limit + "; at least 1 is needed");
        }
        for (int partition : partitions) {
            if (partition < 0) {
                throw usage("--partition is " + partition + "; it must not be negative");
            }
        }
        for (String id : conversations) {
            if (ConversationId.parse(id) == null) {
                throw usage("--conversation is " + id + "; it must be an id such as p:alice:bob");
            }
        }
        return new ReplayPlan(from, conversations, partitions, limit);
    }

    private void print(ReplayReport.PartitionResult done) {
        print("partition " + done.partition() + ": " + done.replayed() + " commands up to offset " + done.decided());
    }

    private void print(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Parses {@code EARLIEST}, an offset or a time. */
    static final class FromConverter implements ITypeConverter<ReplayPlan.From> {

        @Override
        public ReplayPlan.From convert(String text) {
            if (text.equalsIgnoreCase("earliest")) {
                return new ReplayPlan.From.Earliest();
            }
            if (text.matches("\\d{1,18}")) {
                return new ReplayPlan.From.Offset(Long.parseLong(text));
            }
            try {
                return new ReplayPlan.From.Time(new InstantConverter().convert(text));
            } catch (TypeConversionException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither EARLIEST nor an offset nor a time such as 2h"
                                + " (ago), 2026-11-20 or 2026-11-20T20:49:09Z");
            }
        }
    }
}
