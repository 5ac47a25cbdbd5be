package dev.tidings.ops.bench;

import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tidings bench}. Exit code 0: every message was kept the promise; 1: not, or the run could not be made; 2: it
 * was asked for wrongly.
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends messages at a fixed rate over real WebSockets, and checks what becomes of each.",
            "Latency counts from the moment a message was to be sent, however late it really was (open loop)."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no message was lost, duplicated, out of order or left unanswered, and no sequence has a gap",
            "1:one was, or the run could not be made",
            "2:wrong usage"
        })
public final class BenchCommand implements Callable<Integer> {

    private final Supplier<Optional<URI>> defaultUrl;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "<url>",
            description = "Gateway, such as http://127.0.0.1:8080. Default: the running one.")
    private @Nullable String url;

    @Option(
            names = "--rate",
            paramLabel = "<n>",
            defaultValue = "500",
            description = "Messages per second, all users together. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--seconds",
            paramLabel = "<n>",
            defaultValue = "30",
            description = "How long to measure. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warmup",
            paramLabel = "<n>",
            defaultValue = "60",
            description = "Seconds before that which are checked but not measured. Default: ${DEFAULT-VALUE}.")
    private int warmupSeconds;

    @Option(
            names = "--drain",
            paramLabel = "<n>",
            defaultValue = "15",
            description = "Seconds to wait at most for what is under way at the end. Default: ${DEFAULT-VALUE}.")
    private int drainSeconds;

    @Option(
            names = "--users",
            paramLabel = "<n>",
            defaultValue = "200",
            description = "Who connect: an even number, as they talk in pairs. Default: ${DEFAULT-VALUE}.")
    private int users;

    @Option(
            names = "--group-members",
            paramLabel = "<n>",
            description = "Instead of pairs, one group with so many members, of whom --users connect and talk in turn.")
    private int groupMembers;

    @Option(
            names = "--storm",
            paramLabel = "<drop>",
            description = {
                "Instead of a steady load, a storm: all users drop at once, and come back. cut: their connections are cut here,",
                "and all come back at once; drain: somebody stops the gateway, and each comes back as it advised."
            })
    private @Nullable String storm;

    @Option(
            names = "--senders",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "Storm: who stay connected, and go on writing to the users. Default: ${DEFAULT-VALUE}.")
    private int senders;

    @Option(
            names = "--senders-url",
            paramLabel = "<url>",
            description =
                    "Storm: the gateway of the senders, where that of the users is to be stopped. Default: the same.")
    private @Nullable String sendersUrl;

    @Option(
            names = "--conversations",
            paramLabel = "<n>",
            defaultValue = "4",
            description = "Storm: of each user, each with another sender. Default: ${DEFAULT-VALUE}.")
    private int conversations;

    @Option(
            names = "--history",
            paramLabel = "<n>",
            defaultValue = "3",
            description = "Storm: messages in each conversation before. Default: ${DEFAULT-VALUE}.")
    private int history;

    @Option(
            names = "--missed",
            paramLabel = "<n>",
            defaultValue = "2",
            description = "Storm: messages to each user while all are cut off. Default: ${DEFAULT-VALUE}.")
    private int missed;

    @Option(
            names = "--patience",
            paramLabel = "<n>",
            defaultValue = "120",
            description = "Storm: seconds to wait at most until all are back. Default: ${DEFAULT-VALUE}.")
    private int patienceSeconds;

    @Option(
            names = "--text-bytes",
            paramLabel = "<n>",
            defaultValue = "100",
            description = "Length of a message. Default: ${DEFAULT-VALUE}.")
    private int textBytes;

    @Option(
            names = "--subprotocol",
            paramLabel = "<name>",
            defaultValue = "tidings.v1.proto",
            description = "tidings.v1.proto or tidings.v1.json. Default: ${DEFAULT-VALUE}.")
    private String subprotocol = "";

    @Option(
            names = "--jwt-secret",
            paramLabel = "<secret>",
            description =
                    "Signs the tokens here (HS256). Default: ask the gateway for tokens, as only the all-in-one gives them.")
    private @Nullable String jwtSecret;

    @Option(names = "--json", paramLabel = "<file>", description = "Writes the report there as JSON, too.")
    private @Nullable Path json;

    @Option(names = "--seed", paramLabel = "<n>", description = "Decides who writes when. Default: chance.")
    private @Nullable Long seed;

    /** @param defaultUrl finds the gateway to use where none is named; empty: none runs */
    public BenchCommand(Supplier<Optional<URI>> defaultUrl) {
        this.defaultUrl = defaultUrl;
    }

    @Override
    public Integer call() throws IOException {
        try {
            Report report = storm == null ? bench() : storm(storm);
            report.print(spec.commandLine().getOut());
            if (json != null) {
                Files.writeString(json, report.toJson());
            }
            return report.isClean()
                    ? CommandLine.ExitCode.OK
                    : fail("the promise was not kept: " + String.join(", ", report.flaws()));
        } catch (BenchException e) {
            return fail(e.getMessage());
        }
    }

    private int fail(@Nullable String why) {
        spec.commandLine().getErr().println("tidings bench: " + why);
        spec.commandLine().getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private Report bench() {
        BenchPlan plan = plan();
        return new Bench(plan, tokens(plan.url()), progress()).run();
    }

    private Report storm(String drop) {
        StormPlan plan = stormPlan(drop);
        return new Storm(plan, tokens(plan.url()), progress()).run();
    }

    private Tokens tokens(URI gateway) {
        return jwtSecret == null ? new DevTokens(gateway) : new SignedTokens(jwtSecret);
    }

    private Progress progress() {
        return new Progress(spec.commandLine().getErr(), isTerminal() ? 1 : 5);
    }

    private StormPlan stormPlan(String name) {
        StormPlan.Drop drop = StormPlan.Drop.named(name);
        if (drop == null) {
            throw usage("--storm must be cut or drain; it is " + name);
        }
        if (groupMembers != 0) {
            throw usage("--group-members and --storm exclude each other");
        }
        URI gateway = gateway();
        try {
            return new StormPlan(
                    runId(),
                    drop,
                    gateway,
                    sendersUrl == null ? gateway : uri("--senders-url", sendersUrl),
                    format(),
                    users,
                    senders,
                    conversations,
                    history,
                    missed,
                    rate,
                    textBytes,
                    seed(),
                    Duration.ofSeconds(patienceSeconds),
                    Duration.ofSeconds(drainSeconds));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private FrameFormat format() {
        FrameFormat format = FrameFormat.named(subprotocol);
        if (format == null) {
            throw usage("--subprotocol must be tidings.v1.proto or tidings.v1.json; it is " + subprotocol);
        }
        return format;
    }

    private static String runId() {
        return Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    }

    private long seed() {
        return seed != null ? seed : ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE);
    }

    private BenchPlan plan() {
        try {
            return new BenchPlan(
                    runId(),
                    gateway(),
                    format(),
                    rate,
                    seconds,
                    warmupSeconds,
                    users,
                    groupMembers,
                    textBytes,
                    seed(),
                    Duration.ofSeconds(drainSeconds));
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private URI gateway() {
        if (url == null) {
            return defaultUrl
                    .get()
                    .orElseThrow(() -> usage("no gateway is running here: start one, or name one by --url"));
        }
        return uri("--url", url);
    }

    private URI uri(String option, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw usage(option + " must be http://<host>:<port>; it is " + text);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
