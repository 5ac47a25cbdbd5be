package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The result of a mixed load: values of the pairs by their names, values of the groups with {@code groups.} in front. */
final class MixedReport implements Report {

    private final LoadReport pairs;
    private final LoadReport groups;
    private final ReportTable table = new ReportTable();

    MixedReport(LoadReport pairs, LoadReport groups) {
        this.pairs = pairs;
        this.groups = groups;
        table.putRounded("totalRate", pairs.achievedRate() + groups.achievedRate());
        table.putAll(pairs.table());
        table.putAll("groups.", groups.table());
    }

    @Override
    public ReportTable table() {
        return table;
    }

    @Override
    public List<String> flaws() {
        return Stream.concat(pairs.flaws().stream(), groups.flaws().stream().map(flaw -> "in groups: " + flaw))
                .toList();
    }

    @Override
    public List<String> evidence() {
        return Stream.concat(pairs.evidence().stream(), groups.evidence().stream())
                .toList();
    }

    @Override
    public Map<String, String> plots() {
        return pairs.plots();
    }
}
