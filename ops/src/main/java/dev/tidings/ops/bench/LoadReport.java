package dev.tidings.ops.bench;

import dev.tidings.ops.bench.check.CheckResult;
import dev.tidings.ops.bench.check.DeliveryDelays;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.measure.CpuTimes;
import dev.tidings.ops.bench.measure.ServerUsage;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run with a steady load. {@code sent}, {@code sequenced}, {@code delivered}, {@code refused}, {@code
 * deliveredToAll}, {@code achievedRate} and the latencies are of the measured window; all other counts are of the whole run.
 * Deliveries count each receiver: n - 1 for each message in a group of n connected users. Processor time, records and bytes are of the
 * measured window, divided by its sequenced messages.
 */
public final class LoadReport implements Report {

    private final ReportTable table = new ReportTable();
    private final LoadPlan plan;
    private final CheckResult result;
    private final @Nullable ServerUsage usage;
    private final List<String> flaws;

    /**
     * @param lag nanoseconds from due to sent
     * @param usage of the measured window; null: not measured
     */
    LoadReport(
            LoadPlan plan, CheckResult result, TrafficCounters counters, Histogram lag, @Nullable ServerUsage usage) {
        this.plan = plan;
        this.result = result;
        this.usage = usage;
        RunPlan run = plan.run();
        table.put("seconds", plan.seconds());
        table.put("warmupSeconds", plan.warmupSeconds());
        table.put("rate", run.rate());
        table.putRounded("achievedRate", achievedRate());
        table.put("users", run.users());
        if (plan.isGroup()) {
            table.put("groups", plan.groups());
            table.put("groupMembers", plan.groupMembers());
        }
        table.put("subprotocol", run.format().subprotocol());
        table.put("seed", run.seed());
        table.put("sent", result.sent);
        table.put("sequenced", result.sequenced);
        table.put("delivered", result.delivered);
        if (plan.isGroup()) {
            table.put("deliveredToAll", result.deliveredToAll);
        }
        table.put("refused", result.refused);
        table.putChecks(result);
        table.putRounded("longestSilenceSeconds", result.longestSilenceSeconds());
        table.put("errors", counters.errors.sum());
        table.put("reconnects", counters.reconnects.sum());
        table.putMillis("sendToSequencedMillis", result.sendToSequenced);
        table.putMillis("sendToDeliveredMillis", result.sendToDelivered);
        if (plan.isGroup()) {
            table.putMillis("sendToAllMillis", result.sendToAll);
        }
        table.putMillis("sendLagMillis", lag);
        if (usage != null && result.sequenced > 0) {
            putUsage(usage, result.sequenced);
        }
        List<String> found = result.flaws();
        if (result.sent == 0) {
            found.add("nothing was sent");
        }
        this.flaws = List.copyOf(found);
    }

    /** The intended rate, messages per second. */
    int rate() {
        return plan.run().rate();
    }

    /** Messages per second that were sequenced within the window. */
    double achievedRate() {
        return (double) result.answeredInTime() / plan.seconds();
    }

    /** Nanoseconds from due to delivered. */
    Histogram sendToDelivered() {
        return result.sendToDelivered;
    }

    /** Measured messages that were sent. */
    public long sent() {
        return result.sent;
    }

    /** Deliveries of measured messages, one for each receiver. */
    public long delivered() {
        return result.delivered;
    }

    /** The findings of the checker. */
    public CheckResult result() {
        return result;
    }

    /** Delays by the time at which messages were due. */
    public DeliveryDelays delays() {
        return result.delays;
    }

    double sendToDeliveredP99Millis() {
        return result.sendToDelivered.getValueAtPercentile(99) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    private void putUsage(ServerUsage usage, double messages) {
        Map<String, Double> cpuMicros = new TreeMap<>();
        double serverMicros = 0;
        for (CpuTimes process : usage.server()) {
            serverMicros += micros(process.totalNanos());
            process.groupNanos()
                    .forEach(
                            (group, nanos) -> cpuMicros.put(process.process() + ' ' + group, micros(nanos) / messages));
        }
        Map<String, Double> records = new TreeMap<>();
        Map<String, Double> bytes = new TreeMap<>();
        usage.traffic().topics().forEach((topic, volume) -> {
            records.put(topic, volume.records() / messages);
            bytes.put(topic, volume.bytes() / messages);
        });
        table.putRounded("serverCpuMicrosPerMessage", serverMicros / messages);
        table.putRounded(
                "generatorCpuMicrosPerMessage", micros(usage.generator().totalNanos()) / messages);
        table.putRounded("recordsPerMessage", sum(records));
        table.putRounded("bytesPerMessage", sum(bytes));
        table.putBreakdown("serverCpuMicrosByThreadGroup", cpuMicros);
        table.putBreakdown("recordsByTopic", records);
        table.putBreakdown("bytesByTopic", bytes);
    }

    private static double sum(Map<String, Double> parts) {
        return parts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static double micros(long nanos) {
        return nanos / (double) TimeUnit.MICROSECONDS.toNanos(1);
    }

    @Override
    public List<String> flaws() {
        return flaws;
    }

    @Override
    public List<String> evidence() {
        return result.evidence();
    }

    @Override
    public Map<String, String> plots() {
        return LoadPlots.of(result, usage);
    }

    @Override
    public ReportTable table() {
        return table;
    }
}
