package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;

/** A command that makes one run and returns its report. */
interface ReportingCommand {

    /**
     * Makes the run that the parsed options describe.
     *
     * @throws BenchException if the run is not possible
     */
    Report makeRun();
}
