package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.HistoryReads;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The result of a run that reads history. {@code readMillis} counts from when a read was due until its page arrived. */
final class ReadsReport implements Report {

    private final ReportTable table = new ReportTable();
    private final List<String> flaws = new ArrayList<>();
    private final List<String> evidence;

    /** @param lag nanoseconds from due to sent */
    ReadsReport(ReadsPlan plan, HistoryReads reads, Histogram lag) {
        Histogram latency = reads.dueToAnswered();
        table.put("users", plan.run().users());
        table.put("subprotocol", plan.run().format().subprotocol());
        table.put("seed", plan.run().seed());
        table.put("history", plan.history());
        table.put("page", plan.page());
        table.put("rate", plan.run().rate());
        table.put("reads", reads.sentReads());
        table.putRounded("achievedRate", (double) latency.getTotalCount() / plan.seconds());
        table.put("failedReads", reads.failedReads());
        table.put("wrongPages", reads.wrongPages());
        table.putMillis("readMillis", latency);
        table.putMillis("sendLagMillis", lag);
        this.evidence = reads.evidence();
        long unanswered = reads.sentReads() - reads.answeredReads() - reads.failedReads();
        add(reads.wrongPages(), "wrong pages");
        add(reads.failedReads(), "failed reads");
        add(unanswered, "unanswered reads");
        if (reads.sentReads() == 0) {
            flaws.add("nothing was read");
        }
    }

    private void add(long number, String what) {
        if (number > 0) {
            flaws.add(number + " " + what);
        }
    }

    @Override
    public ReportTable table() {
        return table;
    }

    @Override
    public List<String> flaws() {
        return List.copyOf(flaws);
    }

    @Override
    public List<String> evidence() {
        return evidence;
    }
}
