package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import dev.tidings.ops.bench.check.Checker;
import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.check.SentMessage;
import dev.tidings.ops.bench.client.FrameFormat;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.report.Report;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Sequenced;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Searches the rate of a system whose latency rises beyond its capacity. */
class RateSearchRunTest {

    private static final int CAPACITY = 150;
    private static final int P99_BOUND_MILLIS = 200;

    private final List<LoadPlan> runs = new ArrayList<>();

    @Test
    void findsTheHighestRateThatKeepsTheLatencyBound() throws Exception {
        Report report = new RateSearchRun(plan(100), P99_BOUND_MILLIS, plan -> run(plan, false)).run();

        assertTrue(report.isClean(), report::toJson);
        double rate = json(report).getFieldsOrThrow("sustainedRate").getNumberValue();
        assertTrue(rate > 0.95 * CAPACITY && rate <= CAPACITY, report::toJson);
        assertEquals(60, runs.getFirst().warmupSeconds());
        assertEquals(5, runs.getLast().warmupSeconds());
        assertEquals(
                runs.size(),
                runs.stream().map(plan -> plan.run().runId()).distinct().count());
    }

    @Test
    void aViolatedGuaranteeIsReportedWithItsRate() {
        Report report = new RateSearchRun(plan(1), P99_BOUND_MILLIS, plan -> run(plan, true)).run();

        assertEquals(List.of("1 lost at 1/s", "no rate was sustained"), report.flaws());
        assertTrue(report.toJson().contains("\"flaws\":[\"1 lost at 1/s\",\"no rate was sustained\"]"), report::toJson);
    }

    private LoadReport run(LoadPlan plan, boolean loses) {
        runs.add(plan);
        int rate = plan.run().rate();
        long deliveredNanos = TimeUnit.MILLISECONDS.toNanos(rate <= CAPACITY ? 100 : 300);
        Content content = Content.getDefaultInstance();
        Checker checker = new Checker();
        Ledger ledger = checker.open(List.of("ann", "bob"), content);
        for (int seq = 1; seq <= rate; seq++) {
            SentMessage message = ledger.intend(0, seq);
            ledger.transmitted(message, 1);
            ledger.sequenced(
                    message,
                    Sequenced.newBuilder().setSeq(seq).setMessageId("m").build(),
                    1,
                    seq + 1);
            if (!loses) {
                ledger.arrived(1, event(seq, message, content), true, seq + deliveredNanos);
            }
        }
        return new LoadReport(
                plan, checker.audit(0, Long.MAX_VALUE), new TrafficCounters(), new Histogram(1_000, 3), null);
    }

    private static ConversationEvent event(int seq, SentMessage message, Content content) {
        return ConversationEvent.newBuilder()
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId("m")
                        .setSender("ann")
                        .setClientMsgId(Ledger.clientMsgId(message.number()))
                        .setContent(content))
                .build();
    }

    private static LoadPlan plan(int rate) {
        URI url = URI.create("http://127.0.0.1:1");
        return new LoadPlan(
                new RunPlan("test", url, FrameFormat.PROTO, rate, 2, 10, 1, Duration.ZERO), 1, 60, 0, 0, 0, 0);
    }

    private static Struct json(Report report) throws Exception {
        return ProtoJson.parse(report.toJson(), Struct.newBuilder()).build();
    }
}
