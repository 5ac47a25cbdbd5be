package dev.tidings.ops.chaos;

import dev.tidings.ops.bench.LoadReport;
import dev.tidings.ops.bench.check.DeliveryDelays;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The report of the loads, with the faults that the cluster survived, or did not. The values of the first load, the pairs, are in the
 * table by their names; flaws of the others have the names of their loads in front.
 */
final class ChaosReport implements Report {

    /** Messages that take longer are late: recovery lasts until no more messages are. */
    private static final Duration LATE = Duration.ofMillis(500);

    /** @param name such as {@code groups} */
    record NamedLoad(String name, LoadReport report) {}

    private final List<LoadReport> loads;
    private final ReportTable table = new ReportTable();
    private final List<String> flaws;

    /**
     * @param named at least one load
     * @param faults in the order of time
     * @param ended names of processes that ended although no fault ended them
     */
    ChaosReport(List<NamedLoad> named, long seed, List<FaultInjector.Injected> faults, List<String> ended) {
        this.loads = named.stream().map(NamedLoad::report).toList();
        table.put("chaosSeed", seed);
        table.put("faults", faults.size());
        table.putAll(loads.getFirst().table());
        List<String> all = new ArrayList<>(loads.getFirst().flaws());
        for (NamedLoad load : named.subList(1, named.size())) {
            table.put(load.name() + ".sent", load.report().sent());
            table.put(load.name() + ".delivered", load.report().delivered());
            load.report().flaws().forEach(flaw -> all.add("in " + load.name() + ": " + flaw));
        }
        putChecks();
        putFaults(faults);
        ended.forEach(name -> all.add(name + " ended by itself"));
        if (faults.isEmpty()) {
            all.add("no fault");
        }
        this.flaws = List.copyOf(all);
    }

    /** Adds how much was tried beyond messages. */
    private void putChecks() {
        long rejected = 0;
        long repeated = 0;
        for (LoadReport load : loads) {
            rejected += load.result().rejectedNonMembers;
            repeated += load.result().repeatedNotifications;
        }
        table.put("rejectedNonMembers", rejected);
        table.put("repeatedNotifications", repeated);
    }

    /** Adds what each fault cost: messages that were due between its begin and that of the next one are its own. */
    private void putFaults(List<FaultInjector.Injected> faults) {
        Map<String, Double> count = new TreeMap<>();
        Map<String, Double> longestDelay = new TreeMap<>();
        Map<String, Double> recovery = new TreeMap<>();
        for (int i = 0; i < faults.size(); i++) {
            String label = faults.get(i).label();
            long from = faults.get(i).beganNanos();
            long until = i + 1 < faults.size() ? faults.get(i + 1).beganNanos() : Long.MAX_VALUE;
            count.merge(label, 1.0, Double::sum);
            for (LoadReport load : loads) {
                DeliveryDelays delays = load.delays();
                longestDelay.merge(label, seconds(delays.longestNanos(from, until)), Math::max);
                recovery.merge(label, seconds(delays.nanosUntilBelow(LATE.toNanos(), from, until)), Math::max);
            }
        }
        table.putBreakdown("faultsByProcess", count);
        table.putBreakdown("longestDelaySecondsByFault", longestDelay);
        table.putBreakdown("recoverySecondsByFault", recovery);
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
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
        return loads.stream().flatMap(load -> load.evidence().stream()).toList();
    }

    @Override
    public Map<String, String> plots() {
        return loads.getFirst().plots();
    }
}
