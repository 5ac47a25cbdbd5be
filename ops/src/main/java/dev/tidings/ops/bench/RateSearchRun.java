package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the highest sustainable rate by runs with a steady load. A rate is sustained if all guarantees are kept, the p99 from due to
 * delivered is within the bound, and at least 95 % of the rate is achieved.
 */
final class RateSearchRun {

    private static final double MIN_ACHIEVED = 0.95;
    /** Of every run after the first, which has warmed up the system. */
    private static final int LATER_WARMUP_SECONDS = 5;

    private final LoadPlan plan;
    private final int p99Millis;
    private final Function<LoadPlan, LoadReport> runner;

    /**
     * @param plan the first run; its rate is the first one to try
     * @param runner makes one run
     */
    RateSearchRun(LoadPlan plan, int p99Millis, Function<LoadPlan, LoadReport> runner) {
        this.plan = plan;
        this.p99Millis = p99Millis;
        this.runner = runner;
    }

    Report run() {
        RateSearch search = new RateSearch(plan.run().rate());
        List<LoadReport> runs = new ArrayList<>();
        while (!search.isDone()) {
            int number = runs.size();
            RunPlan next =
                    plan.run().withRate(search.nextRate()).withRunId(plan.run().runId() + '-' + number);
            int warmupSeconds =
                    number == 0 ? plan.warmupSeconds() : Math.min(plan.warmupSeconds(), LATER_WARMUP_SECONDS);
            LoadReport report = runner.apply(plan.with(next, warmupSeconds));
            runs.add(report);
            search.record(report.isClean()
                    && report.achievedRate() >= MIN_ACHIEVED * report.rate()
                    && report.sendToDeliveredP99Millis() <= p99Millis);
        }
        return new RateSearchReport(search.sustainedRate(), p99Millis, runs);
    }
}
