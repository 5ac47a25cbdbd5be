package dev.tidings.ops.bench;

import dev.tidings.ops.bench.report.Report;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The result of a run in which a business system sends to many users. {@code messagesPerSecond} counts from the first request until the
 * last reply; {@code requestToReplyMillis} is each recipient's time from their request to their reply.
 */
final class SendToManyReport implements Report {

    private final ReportTable table = new ReportTable();
    private final List<String> flaws = new ArrayList<>();

    /**
     * @param sendNanos until all requests were in the log
     * @param replyNanos until the last reply
     */
    SendToManyReport(SendToManyPlan plan, SendToManyReplies replies, long sendNanos, long replyNanos) {
        int answered = replies.answered();
        table.put("recipients", plan.recipients());
        table.put("requests", plan.requests());
        table.put("answered", answered);
        table.put("refused", replies.refused());
        table.put("doubled", replies.doubled());
        table.putRounded("sendSeconds", seconds(sendNanos));
        table.putRounded("seconds", seconds(replyNanos));
        table.putRounded("messagesPerSecond", answered / Math.max(seconds(replyNanos), 0.001));
        table.putMillis("requestToReplyMillis", replies.requestToReply());
        add(plan.recipients() - answered, "recipients without a message");
        add(replies.doubled(), "replies doubled");
        add(replies.refused(), "refused");
    }

    private void add(long number, String what) {
        if (number > 0) {
            flaws.add(number + " " + what);
        }
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
        return List.copyOf(flaws);
    }
}
