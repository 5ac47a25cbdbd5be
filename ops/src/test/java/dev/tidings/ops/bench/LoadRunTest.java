package dev.tidings.ops.bench;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import dev.tidings.ops.bench.client.FrameFormat;
import dev.tidings.schemas.serde.ProtoJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the generator and its checker against a gateway that keeps the guarantees, and against one that violates them. Each
 * test has a gateway of its own.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class LoadRunTest {

    private static final int RATE = 300;
    private static final int SECONDS_MEASURED = 1;
    private static final int RESTART_SECONDS = 10;
    private static final int ONLINE = 5;
    private static final int SMALL_GROUP = 50;
    private static final int LARGE_GROUP = 2_500;

    /** A run without losses ends when everything has arrived, however slow the machine is. */
    private static final Duration DRAIN = Duration.ofSeconds(60);

    /** A run with losses waits so long, twice. Whatever is not lost arrives within it, on a busy machine, too. */
    private static final Duration LOSS_DRAIN = Duration.ofSeconds(15);

    @ParameterizedTest
    @EnumSource(FrameFormat.class)
    void aGatewayThatKeepsTheGuaranteesIsClean(FrameFormat format) throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            LoadReport report = run(gateway, format);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sent"), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sequenced"), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "delivered"), report::toJson);
            assertTrue(gateway.acknowledged() > 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOSE, lost, 12",
        "SWALLOW, lost, 12",
        "DUPLICATE, duplicated, 12",
        "GAP, gaps, 12",
        "ALTER, foreign, 12"
    })
    void everyViolationIsCounted(Fault fault, String counted, int times) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            LoadReport report = run(gateway, FrameFormat.PROTO, LOSS_DRAIN);

            assertEquals(times, number(report, counted), report::toJson);
            assertTrue(!report.isClean(), report::toJson);
        }
    }

    /** The fake gateway sends a late answer after the next one of the same session, and not at all if none follows. */
    @ParameterizedTest
    @CsvSource({"DELIVER_LATE, recovered", "SEQUENCE_LATE, unanswered"})
    void aLateAnswerIsOutOfOrderUnlessNothingFollows(Fault fault, String last) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            LoadReport report = run(gateway, FrameFormat.PROTO, LOSS_DRAIN);

            assertTrue(number(report, "outOfOrder") > 0, report::toJson);
            assertEquals(12, number(report, "outOfOrder") + number(report, last), report::toJson);
            assertTrue(!report.isClean(), report::toJson);
        }
    }

    @ParameterizedTest
    @CsvSource({"HIDE, recovered", "REDELIVER, redelivered", "REFUSE, refused", "FAIL, errors"})
    void allowedFaultsAreCountedAndForgiven(Fault fault, String counted) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            // clients pull hidden messages only when the drain has ended
            RunPlan run = runPlan(gateway.url(), FrameFormat.PROTO, fault == Fault.HIDE ? LOSS_DRAIN : DRAIN);
            // all messages are measured: which ones a fault strikes is not certain
            LoadReport report = run(gateway, new LoadPlan(run, 2 * SECONDS_MEASURED, 0, 0, 0, 0, 0));

            assertEquals(12, number(report, counted), report::toJson);
            assertTrue(report.isClean(), report::toJson);
        }
    }

    @Test
    void clientsReconnectAfterALostConnectionAndMissNothing() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.CUT)) {
            LoadReport report = run(gateway, FrameFormat.PROTO);

            assertTrue(report.isClean(), report::toJson);
            // how many messages are cut depends on how many are repeated
            assertTrue(gateway.cuts() >= 1, report::toJson);
            // two at each cut, unless a client is still away then
            assertTrue(number(report, "reconnects") >= 2, report::toJson);
            assertTrue(number(report, "resent") >= gateway.cuts(), report::toJson);
            assertTrue(number(report, "recovered") >= gateway.cuts(), report::toJson);
        }
    }

    @Test
    void aGatewayThatRestartsLosesNothing() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            // so long that it still sends when the gateway is back
            LoadPlan plan =
                    new LoadPlan(runPlan(gateway.url(), FrameFormat.PROTO, DRAIN), RESTART_SECONDS, 0, 0, 0, 0, 0);
            CompletableFuture<LoadReport> running =
                    CompletableFuture.supplyAsync(() -> run(gateway, plan), FakeGateway.THREAD_PER_RUN);
            await().atMost(90, SECONDS).until(() -> gateway.received() > RATE);
            gateway.stop();
            gateway.start();
            LoadReport report = running.get(250, SECONDS);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * RESTART_SECONDS, number(report, "delivered"), report::toJson);
            assertEquals(10, number(report, "reconnects"), report::toJson);
        }
    }

    @Test
    void aStallCountsForEveryMessageThatWasDueMeanwhile() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            gateway.stall(RATE + 100, Duration.ofMillis(500));

            LoadReport report = run(gateway, FrameFormat.PROTO);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sent"), report::toJson);
            assertTrue(latency(report, "sendToSequencedMillis", "max") > 450, report::toJson);
            assertTrue(latency(report, "sendToDeliveredMillis", "p99") > 400, report::toJson);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ONLINE, SMALL_GROUP, LARGE_GROUP})
    void aGroupIsCreatedAndClean(int members) throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            LoadReport report = runGroup(gateway, members);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sequenced"), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED * (ONLINE - 1), number(report, "delivered"), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "deliveredToAll"), report::toJson);
            assertTrue(
                    latency(report, "sendToAllMillis", "p50") >= latency(report, "sendToDeliveredMillis", "p50"),
                    report::toJson);
        }
    }

    @Test
    void severalGroupsShareTheRate() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            RunPlan run = new RunPlan("test", gateway.url(), FrameFormat.PROTO, RATE, 12, 100, 42, DRAIN);
            LoadPlan plan = new LoadPlan(run, SECONDS_MEASURED, 0, 4, 5, 0, 0);

            LoadReport report = new LoadRun(plan, new DevTokenSource(gateway.url()), progress(), null).run();

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sequenced"), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED * 2, number(report, "delivered"), report::toJson);
            assertEquals(4, number(report, "groups"), report::toJson);
        }
    }

    @Test
    void everyUserJoinsTheRoomAndGetsItsMessages() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            RunPlan run = new RunPlan("test", gateway.url(), FrameFormat.PROTO, RATE, ONLINE, 100, 42, DRAIN);
            LoadPlan plan = new LoadPlan(run, SECONDS_MEASURED, 0, 1, ONLINE, 0, 0, true);

            LoadReport report = new LoadRun(plan, new DevTokenSource(gateway.url()), progress(), null).run();

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "deliveredToAll"), report::toJson);
        }
    }

    @Test
    void usersWhoLoseTheirConnectionJoinTheRoomAgain() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.CUT)) {
            RunPlan run = new RunPlan("test", gateway.url(), FrameFormat.PROTO, RATE, ONLINE, 100, 42, DRAIN);
            LoadPlan plan = new LoadPlan(run, SECONDS_MEASURED, 0, 1, ONLINE, 0, 0, true);

            LoadReport report = new LoadRun(plan, new DevTokenSource(gateway.url()), progress(), null).run();

            assertTrue(report.isClean(), report::toJson);
            assertTrue(number(report, "reconnects") > 0, report::toJson);
        }
    }

    @ParameterizedTest
    @CsvSource({"LOSE, lost, 48", "DUPLICATE, duplicated, 12", "GAP, gaps, 12", "ALTER, foreign, 48"})
    void aViolationInAGroupIsCountedForEveryReceiver(Fault fault, String counted, int times) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            LoadReport report = runGroup(gateway, LARGE_GROUP, LOSS_DRAIN);

            assertEquals(times, number(report, counted), report::toJson);
            assertTrue(!report.isClean(), report::toJson);
        }
    }

    @Test
    void anEventThatIsLateInAGroupIsOutOfOrderForEveryReceiver() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.DELIVER_LATE)) {
            LoadReport report = runGroup(gateway, LARGE_GROUP, LOSS_DRAIN);

            assertTrue(number(report, "outOfOrder") > 0, report::toJson);
            assertEquals(48, number(report, "outOfOrder") + number(report, "recovered"), report::toJson);
        }
    }

    @Test
    void aClientThatSubscribesAgainPullsTheEventsItMissed() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.CUT)) {
            LoadReport report = runGroup(gateway, LARGE_GROUP);

            assertTrue(report.isClean(), report::toJson);
            assertTrue(number(report, "reconnects") >= ONLINE, report::toJson);
            assertTrue(number(report, "recovered") >= 12, report::toJson);
        }
    }

    @Test
    void aGroupThatExistsIsNotCreatedAgain() {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            runGroup(gateway, SMALL_GROUP);

            BenchException thrown = assertThrows(BenchException.class, () -> runGroup(gateway, SMALL_GROUP));

            assertTrue(String.valueOf(thrown.getMessage()).contains("GROUP_EXISTS"), thrown::getMessage);
        }
    }

    @Test
    void aRunWithoutAGatewayFails() {
        FakeGateway gateway = new FakeGateway(Fault.NONE);
        URI url = gateway.url();
        gateway.stop();

        BenchException thrown = assertThrows(
                BenchException.class,
                () -> new LoadRun(plan(url, FrameFormat.PROTO, DRAIN), new DevTokenSource(url), progress(), null)
                        .run());

        assertTrue(String.valueOf(thrown.getMessage()).startsWith("no token from"), thrown::getMessage);
    }

    private static LoadReport run(FakeGateway gateway, FrameFormat format) {
        return run(gateway, format, DRAIN);
    }

    private static LoadReport run(FakeGateway gateway, FrameFormat format, Duration drain) {
        return run(gateway, plan(gateway.url(), format, drain));
    }

    private static LoadReport run(FakeGateway gateway, LoadPlan plan) {
        return new LoadRun(plan, new DevTokenSource(gateway.url()), progress(), null).run();
    }

    private static LoadReport runGroup(FakeGateway gateway, int members) {
        return runGroup(gateway, members, DRAIN);
    }

    private static LoadReport runGroup(FakeGateway gateway, int members, Duration drain) {
        URI url = gateway.url();
        RunPlan run = new RunPlan("test", url, FrameFormat.PROTO, RATE, ONLINE, 100, 42, drain);
        LoadPlan plan = new LoadPlan(run, SECONDS_MEASURED, 1, 1, members, 0, 0);
        return new LoadRun(plan, new DevTokenSource(url), progress(), null).run();
    }

    /** 300 messages of warm-up and 300 measured: a fault strikes 12 times, the last time on the last message of all. */
    private static LoadPlan plan(URI url, FrameFormat format, Duration drain) {
        return new LoadPlan(runPlan(url, format, drain), SECONDS_MEASURED, 1, 0, 0, 0, 0);
    }

    private static RunPlan runPlan(URI url, FrameFormat format, Duration drain) {
        return new RunPlan("test", url, format, RATE, 10, 100, 42, drain);
    }

    private static BenchProgress progress() {
        return new BenchProgress(new PrintWriter(new StringWriter()), 1);
    }

    private static double number(LoadReport report, String name) throws Exception {
        return json(report).getFieldsOrThrow(name).getNumberValue();
    }

    private static double latency(LoadReport report, String name, String percentile) throws Exception {
        return json(report)
                .getFieldsOrThrow(name)
                .getStructValue()
                .getFieldsOrThrow(percentile)
                .getNumberValue();
    }

    private static Struct json(LoadReport report) throws Exception {
        return ProtoJson.parse(report.toJson(), Struct.newBuilder()).build();
    }
}
