package dev.tidings.ops.bench;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came of a run, for people and for programs. {@code sent}, {@code sequenced}, {@code delivered}, {@code refused},
 * {@code deliveredToAll}, {@code achievedRate} and the latencies are of the measured window; all other counts are of the
 * whole run. What concerns receivers counts for each of them: of a group of n users online, n - 1 for each message.
 */
final class BenchReport implements Report {

    private final Figures figures = new Figures();
    private final List<String> flaws;

    /** @param lag how late the generator sent, in nanoseconds */
    BenchReport(BenchPlan plan, Verdict verdict, Tally tally, Histogram lag) {
        figures.put("seconds", plan.seconds());
        figures.put("warmupSeconds", plan.warmupSeconds());
        figures.put("rate", plan.rate());
        figures.putRounded("achievedRate", (double) verdict.answeredInTime() / plan.seconds());
        figures.put("users", plan.users());
        if (plan.isGroup()) {
            figures.put("groupMembers", plan.groupMembers());
        }
        figures.put("subprotocol", plan.format().subprotocol());
        figures.put("seed", plan.seed());
        figures.put("sent", verdict.sent);
        figures.put("sequenced", verdict.sequenced);
        figures.put("delivered", verdict.delivered);
        if (plan.isGroup()) {
            figures.put("deliveredToAll", verdict.deliveredToAll);
        }
        figures.put("refused", verdict.refused);
        figures.putPromise(verdict);
        figures.put("errors", tally.errors.sum());
        figures.put("reconnects", tally.reconnects.sum());
        figures.putMillis("sendToSequencedMillis", verdict.sendToSequenced);
        figures.putMillis("sendToDeliveredMillis", verdict.sendToDelivered);
        if (plan.isGroup()) {
            figures.putMillis("sendToAllMillis", verdict.sendToAll);
        }
        figures.putMillis("sendLagMillis", lag);
        List<String> found = verdict.flaws();
        if (verdict.sent == 0) {
            found.add("nothing was sent");
        }
        this.flaws = List.copyOf(found);
    }

    @Override
    public List<String> flaws() {
        return flaws;
    }

    @Override
    public Figures figures() {
        return figures;
    }
}
