package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.FrameFormat;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportOptions;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every run: where, how much, as whom, and where the report goes. Reports the run and returns the exit code. */
final class RunOptions {

    private static final int DEFAULT_USERS = 200;
    private static final int TERMINAL_PROGRESS_SECONDS = 1;
    private static final int LOG_PROGRESS_SECONDS = 5;

    private final Supplier<Optional<URI>> defaultUrl;

    @Spec(Spec.Target.MIXEE)
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

    @Option(names = "--users", paramLabel = "<n>", description = "Users who connect. Default: 200, or all --groups.")
    private @Nullable Integer users;

    @Option(
            names = "--text-bytes",
            paramLabel = "<n>",
            defaultValue = "100",
            description = "Length of a message. Default: ${DEFAULT-VALUE}.")
    private int textBytes;

    @Option(
            names = "--drain",
            paramLabel = "<n>",
            defaultValue = "15",
            description = "Seconds without any answer or delivery after which outstanding ones count as lost."
                    + " Default: ${DEFAULT-VALUE}.")
    private int drainSeconds;

    @Option(
            names = "--subprotocol",
            paramLabel = "<name>",
            defaultValue = "tidings.v1.proto",
            description = "tidings.v1.proto or tidings.v1.json. Default: ${DEFAULT-VALUE}.")
    private String subprotocol = "";

    @Option(
            names = "--jwt-secret",
            paramLabel = "<secret>",
            description = "Signs the users' tokens with this secret (HS256). Default: requests tokens from the gateway,"
                    + " which only the all-in-one issues.")
    private @Nullable String jwtSecret;

    @Option(
            names = "--jwt-issuer",
            paramLabel = "<issuer>",
            description = "The iss of signed tokens, as in gateway.jwt.issuer. Default: none.")
    private @Nullable String jwtIssuer;

    @Option(
            names = "--jwt-audience",
            paramLabel = "<audience>",
            description = "The aud of signed tokens, as in gateway.jwt.audience. Default: none.")
    private @Nullable String jwtAudience;

    @Mixin
    private final ReportOptions files = new ReportOptions();

    @Option(
            names = "--seed",
            paramLabel = "<n>",
            description = "Decides the texts and who sends when. Default: random.")
    private @Nullable Long seed;

    /** @param defaultUrl finds the running gateway; empty: none runs */
    RunOptions(Supplier<Optional<URI>> defaultUrl) {
        this.defaultUrl = defaultUrl;
    }

    /**
     * Returns the settings that every run has.
     *
     * @param groupUsers the default number of users; 0: 200
     * @throws IllegalArgumentException if a value is not allowed
     */
    RunPlan plan(int groupUsers) {
        FrameFormat format = FrameFormat.named(subprotocol);
        if (format == null) {
            throw usage("--subprotocol is " + subprotocol + "; tidings.v1.proto and tidings.v1.json are allowed");
        }
        int defaultUsers = groupUsers > 0 ? groupUsers : DEFAULT_USERS;
        long chosenSeed = seed != null ? seed : ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE);
        return new RunPlan(
                Long.toString(System.currentTimeMillis(), Character.MAX_RADIX),
                gateway(),
                format,
                rate,
                users == null ? defaultUsers : users,
                textBytes,
                chosenSeed,
                Duration.ofSeconds(drainSeconds));
    }

    /** @throws BenchException if the secret is too short */
    TokenSource tokens(URI gateway) {
        if (jwtSecret != null) {
            return new SignedTokenSource(jwtSecret, jwtIssuer, jwtAudience);
        }
        if (jwtIssuer != null || jwtAudience != null) {
            throw usage("--jwt-issuer and --jwt-audience need --jwt-secret");
        }
        return new DevTokenSource(gateway);
    }

    /** Whether the command names a gateway, and does not use the running one. */
    boolean hasUrl() {
        return url != null;
    }

    BenchProgress progress() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new BenchProgress(
                spec.commandLine().getErr(), terminal ? TERMINAL_PROGRESS_SECONDS : LOG_PROGRESS_SECONDS);
    }

    /**
     * Returns the plan.
     *
     * @throws ParameterException if the plan rejects a value
     */
    <P> P checked(Supplier<P> plan) {
        try {
            return plan.get();
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    /** Makes the run and writes its report. Returns the exit code of the command. */
    int report(Supplier<Report> run) throws IOException {
        try {
            Report report = run.get();
            report.print(spec.commandLine().getOut());
            files.write(report, spec.qualifiedName());
            return report.isClean()
                    ? CommandLine.ExitCode.OK
                    : fail("guarantees were violated: " + String.join(", ", report.flaws()));
        } catch (BenchException e) {
            return fail(String.valueOf(e.getMessage()));
        }
    }

    /** @throws ParameterException if the text is no URL */
    URI url(String option, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw usage(option + " is " + text + "; it must be http://<host>:<port>");
        }
    }

    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private URI gateway() {
        if (url == null) {
            return defaultUrl.get().orElseThrow(() -> usage("no gateway is running here: start one, or set --url"));
        }
        return url("--url", url);
    }

    private int fail(String reason) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": " + reason);
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
