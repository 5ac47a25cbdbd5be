package dev.tidings.ops.bench;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** Runs a storm against a gateway that keeps the guarantees, and against one that violates them. */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class StormRunTest {

    private static final int USERS = 10;
    private static final int SENDERS = 3;
    private static final int CONVERSATIONS = 2;
    /** 40 messages before the storm, so that a fault strikes for the first time in its middle. */
    private static final int HISTORY = 2;

    private static final int MISSED = 3;

    private static final int WATCHED = 2;

    /** A storm without losses ends when everything has arrived, however slow the machine is. */
    private static final Duration DRAIN = Duration.ofSeconds(60);

    /** A storm with losses waits so long, twice. Whatever is not lost arrives within it, on a busy machine, too. */
    private static final Duration LOSS_DRAIN = Duration.ofSeconds(10);

    private final StringWriter progress = new StringWriter();

    @ParameterizedTest
    @EnumSource(FrameFormat.class)
    void usersWhoseConnectionsAreCutReconnectAndHaveEveryMessage(FrameFormat format) throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            StormReport report = storm(gateway, StormPlan.Drop.CUT, format);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(USERS, number(report, "resumed"), report::toJson);
            assertEquals(0, number(report, "unsynced"), report::toJson);
            assertEquals(0, number(report, "failedAttempts"), report::toJson);
            assertTrue(number(report, "pulls") >= USERS, report::toJson);
            assertEquals(2 * USERS * WATCHED, number(report, "presences"), report::toJson);
            assertTrue(number(report, "recovered") >= USERS * MISSED, report::toJson);
            assertTrue(number(report, "allSyncedMillis") >= number(report, "allConnectedMillis"), report::toJson);
        }
    }

    @Test
    void usersOfADrainingGatewayReconnectWhenItAdvised() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            CompletableFuture<StormReport> running = CompletableFuture.supplyAsync(
                    () -> storm(gateway, StormPlan.Drop.DRAIN, FrameFormat.PROTO), FakeGateway.THREAD_PER_RUN);
            awaitDrainRequest();
            gateway.drain(userId -> userId.contains("user"), Duration.ofSeconds(2));
            StormReport report = running.get(250, SECONDS);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(USERS, number(report, "advisedDraining"), report::toJson);
            assertEquals(USERS, number(report, "resumed"), report::toJson);
            assertTrue(row(report, "attemptsPer100Millis", "max") < USERS, report::toJson);
        }
    }

    @Test
    void aClientRejectedByAnOverloadedGatewayTriesAgain() throws Exception {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            CompletableFuture<StormReport> running = CompletableFuture.supplyAsync(
                    () -> storm(gateway, StormPlan.Drop.DRAIN, FrameFormat.PROTO), FakeGateway.THREAD_PER_RUN);
            awaitDrainRequest();
            gateway.overload(USERS / 2);
            gateway.drain(userId -> userId.contains("user"), Duration.ZERO);
            StormReport report = running.get(250, SECONDS);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(USERS / 2, number(report, "advisedOverloaded"), report::toJson);
            assertEquals(USERS / 2, number(report, "failedAttempts"), report::toJson);
        }
    }

    @ParameterizedTest
    @CsvSource({"LOSE, lost", "DUPLICATE, duplicated", "GAP, gaps"})
    void everyViolationIsCounted(Fault fault, String counted) throws Exception {
        try (FakeGateway gateway = new FakeGateway(fault)) {
            StormReport report = storm(gateway, StormPlan.Drop.CUT, FrameFormat.PROTO, HISTORY, LOSS_DRAIN);

            assertTrue(number(report, counted) > 0, report::toJson);
            assertFalse(report.isClean(), report::toJson);
        }
    }

    @Test
    void thereIsNoStormIfMessagesBeforeItDoNotArrive() {
        try (FakeGateway gateway = new FakeGateway(Fault.SWALLOW)) {
            BenchException thrown = assertThrows(
                    BenchException.class,
                    () -> storm(gateway, StormPlan.Drop.CUT, FrameFormat.PROTO, 2 * HISTORY, LOSS_DRAIN));

            assertTrue(String.valueOf(thrown.getMessage()).contains("before the storm"), thrown::getMessage);
        }
    }

    private void awaitDrainRequest() {
        await().atMost(90, SECONDS).until(() -> progress.toString().contains("stop the gateway"));
    }

    private StormReport storm(FakeGateway gateway, StormPlan.Drop drop, FrameFormat format) {
        return storm(gateway, drop, format, HISTORY, DRAIN);
    }

    private StormReport storm(
            FakeGateway gateway, StormPlan.Drop drop, FrameFormat format, int history, Duration drain) {
        URI url = gateway.url();
        StormPlan plan = new StormPlan(
                new RunPlan("test", url, format, 100, USERS, 100, 42, drain),
                drop,
                url,
                SENDERS,
                CONVERSATIONS,
                history,
                MISSED,
                WATCHED,
                drain.multipliedBy(2));
        return new StormRun(plan, new DevTokenSource(url), new BenchProgress(new PrintWriter(progress, true), 1)).run();
    }

    private static double number(StormReport report, String name) throws Exception {
        return json(report).getFieldsOrThrow(name).getNumberValue();
    }

    private static double row(StormReport report, String name, String percentile) throws Exception {
        return json(report)
                .getFieldsOrThrow(name)
                .getStructValue()
                .getFieldsOrThrow(percentile)
                .getNumberValue();
    }

    private static Struct json(StormReport report) throws Exception {
        return ProtoJson.parse(report.toJson(), Struct.newBuilder()).build();
    }
}
