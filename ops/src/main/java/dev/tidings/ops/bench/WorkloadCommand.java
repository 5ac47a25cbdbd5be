package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.workload.ResultPage;
import dev.tidings.ops.bench.workload.ResultText;
import dev.tidings.ops.bench.workload.StepResult;
import dev.tidings.ops.bench.workload.Workload;
import dev.tidings.ops.bench.workload.WorkloadException;
import dev.tidings.ops.bench.workload.WorkloadFile;
import dev.tidings.ops.bench.workload.WorkloadResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings bench workload}: all runs that a file describes. */
@Command(
        name = "workload",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes the runs that a YAML file describes, one after the other, and reports them together.",
            "See ops/workloads for files, and ops/docs/benchmarks.md for their format."
        },
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {BenchCommand.EXIT_OK, BenchCommand.EXIT_FAILED, BenchCommand.EXIT_USAGE})
final class WorkloadCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Parameters(paramLabel = "<file>", description = "The workload, such as ops/workloads/group-size.yaml.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "<option>=<value>",
            description = "An option for every run, such as url=http://127.0.0.1:8080; replaces the file's.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Option(names = "--json", paramLabel = "<file>", description = "Also writes the result to this file, as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "<file>",
            description = "Also writes the result to this file, as a page with plots.")
    private @Nullable Path html;

    private final Supplier<CommandLine> bench;

    /** @param bench a new {@code tidings bench} for each run */
    WorkloadCommand(Supplier<CommandLine> bench) {
        this.bench = bench;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Workload workload = WorkloadFile.read(file);
            workload.steps().forEach(step -> parse(workload, step));
            WorkloadResult result = run(workload);
            ResultText.print(result, spec.commandLine().getOut());
            if (json != null) {
                Files.writeString(json, result.toJson());
            }
            if (html != null) {
                Files.writeString(html, ResultPage.html(result));
            }
            if (result.flaws().isEmpty()) {
                return CommandLine.ExitCode.OK;
            }
            err.println(spec.qualifiedName() + ": guarantees were violated: " + String.join(", ", result.flaws()));
        } catch (WorkloadException | BenchException e) {
            err.println(spec.qualifiedName() + ": " + e.getMessage());
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private WorkloadResult run(Workload workload) {
        List<StepResult> results = new ArrayList<>();
        for (Workload.Step step : workload.steps()) {
            List<Map<String, Double>> figures = new ArrayList<>();
            List<String> flaws = new ArrayList<>();
            for (int i = 0; i < workload.repeat(); i++) {
                PrintWriter err = spec.commandLine().getErr();
                err.printf("%s: %s, run %d of %d%n", workload.name(), step.label(), i + 1, workload.repeat());
                err.flush();
                Report report = parse(workload, step).makeRun();
                figures.add(report.figures());
                flaws.addAll(report.flaws());
            }
            results.add(StepResult.of(step, figures, flaws));
        }
        return new WorkloadResult(
                workload.name(), workload.description(), workload.axis(), workload.figures(), results);
    }

    /** @throws ParameterException if the command refuses an option of the step */
    private ReportingCommand parse(Workload workload, Workload.Step step) {
        Map<String, String> options = new LinkedHashMap<>(step.options());
        options.putAll(overrides);
        List<String> arguments = new ArrayList<>();
        CommandLine commandLine = bench.get().setErr(spec.commandLine().getErr());
        if (!workload.command().equals("bench")) {
            arguments.add(workload.command());
        }
        options.forEach((name, value) -> arguments.add("--" + name + '=' + value));
        try {
            CommandLine.ParseResult parsed = commandLine.parseArgs(arguments.toArray(String[]::new));
            while (parsed.hasSubcommand()) {
                parsed = parsed.subcommand();
            }
            return (ReportingCommand) parsed.commandSpec().userObject();
        } catch (ParameterException e) {
            throw new ParameterException(
                    spec.commandLine(), file + ": step " + step.label() + ": " + e.getMessage(), e);
        }
    }
}
