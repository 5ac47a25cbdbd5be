package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The report of the load, with the faults that the cluster survived, or did not. */
final class ChaosReport implements Report {

    private final Report load;
    private final ReportTable table = new ReportTable();
    private final List<String> flaws;

    /**
     * @param faults labels of the faults, in the order of time
     * @param ended names of processes that ended although no fault ended them
     */
    ChaosReport(Report load, long seed, List<String> faults, List<String> ended) {
        this.load = load;
        table.put("chaosSeed", seed);
        table.put("faults", faults.size());
        table.putAll(load.table());
        Map<String, Double> count = new TreeMap<>();
        faults.forEach(fault -> count.merge(fault, 1.0, Double::sum));
        table.putBreakdown("faultsByProcess", count);
        List<String> all = new ArrayList<>(load.flaws());
        ended.forEach(name -> all.add(name + " ended by itself"));
        if (faults.isEmpty()) {
            all.add("no fault");
        }
        this.flaws = List.copyOf(all);
    }

    @Override
    public ReportTable table() {
        return table;
    }

    @Override
    public List<String> flaws() {
        return flaws;
    }

    @Override
    public List<String> evidence() {
        return load.evidence();
    }

    @Override
    public Map<String, String> plots() {
        return load.plots();
    }
}
