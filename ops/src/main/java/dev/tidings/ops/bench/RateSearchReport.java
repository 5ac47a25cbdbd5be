package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.ArrayList;
import java.util.List;

/** The result of a rate search: the highest sustained rate, the report of its run, and the rates that were tried. */
final class RateSearchReport implements Report {

    private final ReportTable table = new ReportTable();
    private final List<String> flaws = new ArrayList<>();

    /**
     * @param p99Millis the bound of the latency from due to delivered
     * @param runs in the order in which they were made
     */
    RateSearchReport(int sustainedRate, int p99Millis, List<LoadReport> runs) {
        table.put("sustainedRate", sustainedRate);
        table.put("p99BoundMillis", p99Millis);
        for (LoadReport run : runs) {
            table.putMillis("rate" + run.rate(), run.sendToDelivered());
            run.flaws().forEach(flaw -> flaws.add(flaw + " at " + run.rate() + "/s"));
        }
        if (sustainedRate == 0) {
            flaws.add("no rate was sustained");
        }
    }

    @Override
    public List<String> flaws() {
        return List.copyOf(flaws);
    }

    @Override
    public ReportTable table() {
        return table;
    }
}
