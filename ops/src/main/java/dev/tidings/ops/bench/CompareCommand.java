package dev.tidings.ops.bench;

import dev.tidings.ops.bench.workload.ResultText;
import dev.tidings.ops.bench.workload.WorkloadException;
import dev.tidings.ops.bench.workload.WorkloadResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings bench compare}: two results of one workload side by side. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Compares two results that tidings bench workload --json has written, step by step.",
        exitCodeListHeading = BenchCommand.EXIT_CODES_HEADING,
        exitCodeList = {"0:compared", "1:a file is no result", BenchCommand.EXIT_USAGE})
final class CompareCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "<first>", description = "A result.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private Path first;

    @Parameters(index = "1", paramLabel = "<second>", description = "A later result of the same workload.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private Path second;

    @Override
    public Integer call() {
        try {
            ResultText.printComparison(
                    WorkloadResult.read(first),
                    WorkloadResult.read(second),
                    spec.commandLine().getOut());
            return CommandLine.ExitCode.OK;
        } catch (WorkloadException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(spec.qualifiedName() + ": " + e.getMessage());
            err.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
