package dev.tidings.ops.cli;

import com.clickhouse.client.api.ClickHouseException;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.erasure.PendingErasures;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.rebuild.CannotRebuildException;
import dev.tidings.ops.rebuild.ReadModelRebuild;
import dev.tidings.ops.rebuild.StateRebuild;
import dev.tidings.ops.replay.CannotReplayException;
import dev.tidings.ops.replay.Replay;
import dev.tidings.ops.replay.ReplayPlan;
import dev.tidings.ops.replay.ReplayReport;
import dev.tidings.ops.run.LayoutCheck;
import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.settings.Settings;
import io.lettuce.core.RedisException;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings rebuild}: computes the state and the read models again from the log. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Rebuilds the state of the topologies, Redis or ClickHouse from the log.",
            "state: the state of the topologies DIRECTORY, CONVERSATION and INBOX. Stop all processors before. First"
                    + " replays all commands, and refuses if this build decides differently from the record. If the"
                    + " command is interrupted, run it again: processors do not start before it is complete.",
            "redis, clickhouse: empties the copies and resets the positions of the sinks. Stop all connectors before;"
                    + " the next start of connectors fills the copies. tidings verify compares them with the log.",
            "Refuses while the log has words of erased messages or users: run tidings erase log for each broker before.",
            "For data of the all-in-one: stop it, run tidings backends --data DIR meanwhile, and start it again."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the rebuild has failed, or this build decides differently from the record",
            "2:the rebuild is not possible; nothing was changed. Or wrong usage"
        })
final class RebuildCommand implements Callable<Integer> {

    /** A part that can be rebuilt. */
    enum Part {
        STATE,
        REDIS,
        CLICKHOUSE
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Parameters(paramLabel = "PART", arity = "1..*", description = "One or more of: ${COMPLETION-CANDIDATES}.")
    private List<Part> parts = List.of();

    @Option(
            names = "--skip-replay",
            description =
                    "Rebuild the state without the replay before. Only for a build that has written the whole log.")
    private boolean skipReplay;

    @Override
    public Integer call() {
        Settings known = settings.givenOrRunning();
        Set<Part> wanted = EnumSet.copyOf(parts);
        try {
            requireNoPendingErasure(known);
            if (wanted.contains(Part.STATE) && !rebuildState(known)) {
                return CommandLine.ExitCode.SOFTWARE;
            }
            if (wanted.contains(Part.REDIS)) {
                long keys = new ReadModelRebuild(known, ConnectorsConfig.from(known)).redis();
                print(keys + " keys deleted in Redis; connectors fill it when they start");
            }
            if (wanted.contains(Part.CLICKHOUSE)) {
                List<String> tables = new ReadModelRebuild(known, ConnectorsConfig.from(known)).clickHouse();
                print("emptied in ClickHouse: " + String.join(", ", tables) + "; connectors fill them when they start");
            }
            return CommandLine.ExitCode.OK;
        } catch (CannotRebuildException | CannotReplayException | RedisException | ClickHouseException e) {
            print(spec.qualifiedName() + ": " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    /** A rebuild would store the words of erased messages again. */
    private static void requireNoPendingErasure(Settings known) {
        PendingErasures.find(KafkaLog.of(known)).ifPresent(partition -> {
            throw new CannotRebuildException(
                    partition + " has words of erased messages or users, which the rebuild would store"
                            + " again: rewrite the segments of each broker by tidings erase log before");
        });
    }

    private boolean rebuildState(Settings known) {
        LayoutCheck.require(known, LayoutCheck.Slots.AT_LEAST);
        ProcessorsConfig config = ProcessorsConfig.from(known);
        try (DataDirectory temporary = DataDirectory.of(null)) {
            StateRebuild rebuild = new StateRebuild(
                    known, config.withStateDirectory(temporary.path().resolve("rebuild")), this::print);
            rebuild.check();
            if (!skipReplay && !rebuild.isUnfinished()) {
                print("replaying all commands");
                ReplayReport replay = new Replay(
                                KafkaLog.of(known),
                                config.withStateDirectory(temporary.path().resolve("replay")))
                        .run(
                                new ReplayPlan(new ReplayPlan.From.Earliest(), Set.of(), Set.of(), Long.MAX_VALUE),
                                partition -> print("partition " + partition.partition() + ": " + partition.replayed()
                                        + " commands"));
                if (!replay.isEqual()) {
                    replay.print(spec.commandLine().getOut());
                    print("Nothing was rebuilt: use the build that has written the log.");
                    return false;
                }
            }
            rebuild.run();
            print("the state is rebuilt");
            return true;
        }
    }

    private void print(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
