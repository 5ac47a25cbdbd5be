package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidings bench storm}: a reconnect storm. */
@Command(
        name = "storm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Drops the connections of all users at once, and measures how fast they reconnect and synchronize.",
            "Senders stay connected and send to the users all the while. Checks every message."
        },
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {BenchCommand.EXIT_OK, BenchCommand.EXIT_FAILED, BenchCommand.EXIT_USAGE})
final class StormCommand implements Callable<Integer>, ReportingCommand {

    @Mixin
    private final RunOptions options;

    @Option(
            names = "--drop",
            paramLabel = "cut|drain",
            defaultValue = "cut",
            description = {
                "cut: this command closes all connections, and all users reconnect at once.",
                "drain: the operator stops the gateway, and each user reconnects when it advised.",
                "Default: ${DEFAULT-VALUE}."
            })
    private String drop = "";

    @Option(
            names = "--senders",
            paramLabel = "<n>",
            defaultValue = "20",
            description = "Clients that stay connected and send to the users. Default: ${DEFAULT-VALUE}.")
    private int senders;

    @Option(
            names = "--senders-url",
            paramLabel = "<url>",
            description = "Gateway of the senders, for --drop drain. Default: --url.")
    private @Nullable String sendersUrl;

    @Option(
            names = "--conversations",
            paramLabel = "<n>",
            defaultValue = "4",
            description = "Conversations of each user, each with another sender. Default: ${DEFAULT-VALUE}.")
    private int conversations;

    @Option(
            names = "--history",
            paramLabel = "<n>",
            defaultValue = "3",
            description = "Messages in each conversation before the storm. Default: ${DEFAULT-VALUE}.")
    private int history;

    @Option(
            names = "--missed",
            paramLabel = "<n>",
            defaultValue = "2",
            description = "Messages to each user while all are disconnected. Default: ${DEFAULT-VALUE}.")
    private int missed;

    @Option(
            names = "--watched",
            paramLabel = "<n>",
            defaultValue = "0",
            description =
                    "Senders of its conversations whose presence each user watches; at most 1,000 users can watch one"
                            + " sender. Default: ${DEFAULT-VALUE}.")
    private int watched;

    @Option(
            names = "--timeout",
            paramLabel = "<n>",
            defaultValue = "120",
            description = "Seconds to wait at most until all users are back. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    /** @param defaultUrl finds the running gateway; empty: none runs */
    StormCommand(Supplier<Optional<URI>> defaultUrl) {
        this.options = new RunOptions(defaultUrl);
    }

    @Override
    public Integer call() throws IOException {
        return options.report(this::makeRun);
    }

    @Override
    public Report makeRun() {
        StormPlan.Drop kind = StormPlan.Drop.named(drop);
        if (kind == null) {
            throw options.usage("--drop is " + drop + "; cut and drain are allowed");
        }
        StormPlan plan = options.checked(() -> plan(kind));
        return new StormRun(plan, options.tokens(plan.run().url()), options.progress()).run();
    }

    private StormPlan plan(StormPlan.Drop kind) {
        RunPlan run = options.plan(0);
        return new StormPlan(
                run,
                kind,
                sendersUrl == null ? run.url() : options.url("--senders-url", sendersUrl),
                senders,
                conversations,
                history,
                missed,
                watched,
                Duration.ofSeconds(timeoutSeconds));
    }
}
