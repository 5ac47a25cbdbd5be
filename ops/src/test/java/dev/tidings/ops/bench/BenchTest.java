package dev.tidings.ops.bench;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import dev.tidings.schemas.serde.ProtoJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator and its checker against a gateway that keeps the promise, and against one that does not. */
@Timeout(180)
class BenchTest {

    private static final int RATE = 300;
    private static final int SECONDS_MEASURED = 1;
    private static final int ONLINE = 5;
    private static final int SMALL_GROUP = 50;
    private static final int LARGE_GROUP = 2_500;

    /** A run that loses nothing ends when everything has arrived, however slow the machine is. */
    private static final Duration UNTIL_ALL_ARRIVED = Duration.ofSeconds(60);

    /** A run that loses something waits so long, twice. */
    private static final Duration FOR_WHAT_IS_LOST = Duration.ofSeconds(3);

    @ParameterizedTest
    @EnumSource(FrameFormat.class)
    void aGatewayThatKeepsThePromiseIsFoundClean(FrameFormat format) throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            BenchReport report = run(gateway, format);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sent"));
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sequenced"));
            assertEquals(RATE * SECONDS_MEASURED, number(report, "delivered"));
            assertTrue(gateway.acknowledged() > 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOSE, lost, 12",
        "SWALLOW, lost, 12",
        "DUPLICATE, duplicated, 12",
        "DELIVER_LATE, outOfOrder, 11",
        "SEQUENCE_LATE, outOfOrder, 11",
        "GAP, gaps, 12",
        "ALTER, foreign, 12"
    })
    void everyBreachOfThePromiseIsNoticed(Fault fault, String counted, int times) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            BenchReport report = run(gateway, FrameFormat.PROTO, FOR_WHAT_IS_LOST);

            assertEquals(times, number(report, counted), report::toJson);
            assertTrue(!report.isClean(), report::toJson);
        }
    }

    @ParameterizedTest
    @CsvSource({"HIDE, recovered, 12", "REDELIVER, redelivered, 12", "REFUSE, refused, 6", "FAIL, errors, 12"})
    void whatThePromiseAllowsIsCountedAndForgiven(Fault fault, String counted, int times) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            BenchReport report = run(gateway, FrameFormat.PROTO);

            assertEquals(times, number(report, counted), report::toJson);
            assertTrue(report.isClean(), report::toJson);
        }
    }

    @Test
    void brokenConnectionsAreMadeAgainAndNothingIsMissing() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.CUT)) {
            BenchReport report = run(gateway, FrameFormat.PROTO);

            assertTrue(report.isClean(), report::toJson);
            assertTrue(number(report, "reconnects") >= 12, report::toJson);
            assertTrue(number(report, "resent") >= 12, report::toJson);
            assertTrue(number(report, "recovered") >= 12, report::toJson);
        }
    }

    @Test
    void aGatewayThatDiesAndComesBackIsRiddenOut() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            CompletableFuture<BenchReport> running =
                    CompletableFuture.supplyAsync(() -> run(gateway, FrameFormat.PROTO));
            await().atMost(90, SECONDS).until(() -> gateway.received() > RATE);
            gateway.stop();
            gateway.start();
            BenchReport report = running.get(150, SECONDS);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "delivered"));
            assertEquals(10, number(report, "reconnects"));
        }
    }

    @Test
    void aStallIsSeenByEveryMessageThatWasDueMeanwhile() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            gateway.stall(RATE + 100, Duration.ofMillis(500));

            BenchReport report = run(gateway, FrameFormat.PROTO);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sent"));
            assertTrue(latency(report, "sendToSequencedMillis", "max") > 450, report::toJson);
            assertTrue(latency(report, "sendToDeliveredMillis", "p99") > 400, report::toJson);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ONLINE, SMALL_GROUP, LARGE_GROUP})
    void aGroupIsFoundedAndFoundClean(int members) throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            BenchReport report = runGroup(gateway, members);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(RATE * SECONDS_MEASURED, number(report, "sequenced"));
            assertEquals(RATE * SECONDS_MEASURED * (ONLINE - 1), number(report, "delivered"));
            assertEquals(RATE * SECONDS_MEASURED, number(report, "deliveredToAll"));
            assertTrue(
                    latency(report, "sendToAllMillis", "p50") >= latency(report, "sendToDeliveredMillis", "p50"),
                    report::toJson);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOSE, lost, 48",
        "DELIVER_LATE, outOfOrder, 44",
        "DUPLICATE, duplicated, 12",
        "GAP, gaps, 12",
        "ALTER, foreign, 48"
    })
    void inAGroupABreachIsNoticedAtEveryReceiver(Fault fault, String counted, int times) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            BenchReport report = runGroup(gateway, LARGE_GROUP, FOR_WHAT_IS_LOST);

            assertEquals(times, number(report, counted), report::toJson);
            assertTrue(!report.isClean(), report::toJson);
        }
    }

    @Test
    void whoFollowsAgainPullsWhatTheLastConnectionLeftOut() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.CUT)) {
            BenchReport report = runGroup(gateway, LARGE_GROUP);

            assertTrue(report.isClean(), report::toJson);
            assertTrue(number(report, "reconnects") >= 12 * ONLINE, report::toJson);
            assertTrue(number(report, "recovered") >= 12, report::toJson);
        }
    }

    @Test
    void aGroupThatExistsAlreadyIsNotFoundedAgain() {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            runGroup(gateway, SMALL_GROUP);

            BenchException thrown = assertThrows(BenchException.class, () -> runGroup(gateway, SMALL_GROUP));

            assertTrue(String.valueOf(thrown.getMessage()).contains("GROUP_EXISTS"), thrown::getMessage);
        }
    }

    @Test
    void withoutAGatewayThereIsNoRun() {
        FakeGateway gateway = new FakeGateway(Fault.NONE);
        URI url = gateway.url();
        gateway.stop();

        BenchException thrown = assertThrows(
                BenchException.class,
                () -> new Bench(plan(url, FrameFormat.PROTO, UNTIL_ALL_ARRIVED), new DevTokens(url), progress()).run());

        assertTrue(String.valueOf(thrown.getMessage()).startsWith("no token from"), thrown::getMessage);
    }

    private static BenchReport run(FakeGateway gateway, FrameFormat format) {
        return run(gateway, format, UNTIL_ALL_ARRIVED);
    }

    private static BenchReport run(FakeGateway gateway, FrameFormat format, Duration drain) {
        return new Bench(plan(gateway.url(), format, drain), new DevTokens(gateway.url()), progress()).run();
    }

    private static BenchReport runGroup(FakeGateway gateway, int members) {
        return runGroup(gateway, members, UNTIL_ALL_ARRIVED);
    }

    private static BenchReport runGroup(FakeGateway gateway, int members, Duration drain) {
        URI url = gateway.url();
        BenchPlan plan = new BenchPlan(
                "test", url, FrameFormat.PROTO, RATE, SECONDS_MEASURED, 1, ONLINE, members, 100, 42, drain);
        return new Bench(plan, new DevTokens(url), progress()).run();
    }

    /** 300 messages of warm-up and 300 measured: a fault strikes 12 times, the last time on the last message of all. */
    private static BenchPlan plan(URI url, FrameFormat format, Duration drain) {
        return new BenchPlan("test", url, format, RATE, SECONDS_MEASURED, 1, 10, 0, 100, 42, drain);
    }

    private static Progress progress() {
        return new Progress(new PrintWriter(new StringWriter()), 1);
    }

    private static double number(BenchReport report, String name) throws Exception {
        return json(report).getFieldsOrThrow(name).getNumberValue();
    }

    private static double latency(BenchReport report, String name, String percentile) throws Exception {
        return json(report)
                .getFieldsOrThrow(name)
                .getStructValue()
                .getFieldsOrThrow(percentile)
                .getNumberValue();
    }

    private static Struct json(BenchReport report) throws Exception {
        return ProtoJson.parse(report.toJson(), Struct.newBuilder()).build();
    }
}
