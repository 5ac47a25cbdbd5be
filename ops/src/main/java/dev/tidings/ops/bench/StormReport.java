package dev.tidings.ops.bench;

import dev.tidings.ops.bench.check.CheckResult;
import dev.tidings.ops.bench.client.ReconnectCounters;
import dev.tidings.ops.bench.client.ReconnectTimes;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.List;

/**
 * The result of a reconnect storm. {@code firstConnectedMillis}, {@code allConnectedMillis} and {@code allSyncedMillis} count
 * from the first reconnect attempt of any user; {@code connectedMillis} and {@code syncedMillis} from each user's own. {@code
 * sendToSequencedMillis} is of messages that were due while users reconnected. {@code attemptsPer100Millis} and {@code
 * openingsPer100Millis} show how evenly attempts and opened WebSockets are spread.
 */
final class StormReport implements Report {

    private final ReportTable table = new ReportTable();
    private final List<String> flaws;

    StormReport(
            StormPlan plan,
            ReconnectTimes times,
            ReconnectCounters reconnects,
            CheckResult result,
            TrafficCounters counters) {
        RunPlan run = plan.run();
        table.put("storm", plan.drop().id());
        table.put("users", run.users());
        table.put("senders", plan.senders());
        table.put("conversations", run.users() * plan.conversations());
        table.put("rate", run.rate());
        table.put("subprotocol", run.format().subprotocol());
        table.put("seed", run.seed());
        table.putRounded("firstConnectedMillis", times.firstConnectedMillis());
        table.putRounded("allConnectedMillis", times.allConnectedMillis());
        table.putRounded("allSyncedMillis", times.allSyncedMillis());
        table.put("unsynced", times.unsynced());
        table.put("resumed", times.resumed());
        table.put("droppedAgain", times.droppedAgain());
        table.put("failedAttempts", reconnects.failed.sum());
        table.put("advisedDraining", reconnects.advisedDraining.sum());
        table.put("advisedOverloaded", reconnects.advisedOverloaded.sum());
        table.put("pulls", reconnects.pulls.sum());
        table.put("watched", plan.watched());
        table.put("presences", reconnects.presences.sum());
        table.put("sent", counters.sent.sum());
        table.put("sequenced", counters.sequenced.sum());
        table.put("delivered", counters.delivered.sum());
        table.putChecks(result);
        table.put("errors", counters.errors.sum());
        table.putMillis("connectedMillis", times.connected());
        table.putMillis("syncedMillis", times.synced());
        table.putMillis("sendToSequencedMillis", result.sendToSequenced);
        table.putCounts("attemptsPer100Millis", reconnects.attempted.perBucket());
        table.putCounts("openingsPer100Millis", reconnects.opened.perBucket());
        List<String> found = result.flaws();
        if (counters.sent.sum() == 0) {
            found.add("nothing was sent");
        }
        if (times.unsynced() > 0) {
            found.add(times.unsynced() + " users are not back within "
                    + plan.timeout().toSeconds() + " s");
        }
        this.flaws = List.copyOf(found);
    }

    /** Returns the violated guarantees, and how many users are not back. */
    @Override
    public List<String> flaws() {
        return flaws;
    }

    @Override
    public ReportTable table() {
        return table;
    }
}
