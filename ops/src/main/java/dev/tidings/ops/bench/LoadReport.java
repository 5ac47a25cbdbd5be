package dev.tidings.ops.bench;

import dev.tidings.ops.bench.check.CheckResult;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The result of a run with a steady load. {@code sent}, {@code sequenced}, {@code delivered}, {@code refused}, {@code
 * deliveredToAll}, {@code achievedRate} and the latencies are of the measured window; all other counts are of the whole run.
 * Deliveries count each receiver: n - 1 for each message in a group of n connected users.
 */
final class LoadReport implements Report {

    private final ReportTable table = new ReportTable();
    private final List<String> flaws;

    /** @param lag nanoseconds from due to sent */
    LoadReport(LoadPlan plan, CheckResult result, TrafficCounters counters, Histogram lag) {
        RunPlan run = plan.run();
        table.put("seconds", plan.seconds());
        table.put("warmupSeconds", plan.warmupSeconds());
        table.put("rate", run.rate());
        table.putRounded("achievedRate", (double) result.answeredInTime() / plan.seconds());
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
        table.put("errors", counters.errors.sum());
        table.put("reconnects", counters.reconnects.sum());
        table.putMillis("sendToSequencedMillis", result.sendToSequenced);
        table.putMillis("sendToDeliveredMillis", result.sendToDelivered);
        if (plan.isGroup()) {
            table.putMillis("sendToAllMillis", result.sendToAll);
        }
        table.putMillis("sendLagMillis", lag);
        List<String> found = result.flaws();
        if (result.sent == 0) {
            found.add("nothing was sent");
        }
        this.flaws = List.copyOf(found);
    }

    @Override
    public List<String> flaws() {
        return flaws;
    }

    @Override
    public ReportTable table() {
        return table;
    }
}
