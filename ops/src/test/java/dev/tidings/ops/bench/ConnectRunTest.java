package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.client.FrameFormat;
import dev.tidings.ops.bench.measure.MemoryProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs idle clients against a gateway in this process. */
@Timeout(300)
class ConnectRunTest {

    private static final int USERS = 50;

    @Test
    void all_users_are_connected_and_none_is_lost() {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            ConnectReport report = run(gateway, null);

            assertTrue(report.isClean(), report::toJson);
            Map<String, Double> figures = report.figures();
            assertEquals(USERS, figures.get("connected"), report::toJson);
            assertEquals(0, figures.get("failedConnects"), report::toJson);
            assertTrue(figures.getOrDefault("connectMillis.max", 0.0) > 0, report::toJson);
            assertFalse(figures.containsKey("heapBytesPerConnection"), report::toJson);
        }
    }

    @Test
    void users_whom_the_gateway_rejects_connect_later_and_are_counted() {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            gateway.overload(USERS / 2);

            ConnectReport report = run(gateway, null);

            assertTrue(report.isClean(), report::toJson);
            assertEquals(USERS / 2, report.figures().get("failedConnects"), report::toJson);
        }
    }

    @Test
    void the_memory_of_the_process_is_measured() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sleeper.class.getName())
                .start();
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            assertEquals('!', other.getInputStream().read());
            try (MemoryProbe probe = MemoryProbe.of(other.pid())) {
                Map<String, Double> figures = run(gateway, probe).figures();

                double heapBefore = figures.getOrDefault("heapBytesBefore", 0.0);
                assertTrue(heapBefore > 100_000, figures::toString);
                assertTrue(figures.getOrDefault("residentBytesBefore", 0.0) > heapBefore, figures::toString);
                assertTrue(figures.containsKey("heapBytesPerConnection"), figures::toString);
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void a_process_that_is_no_jvm_cannot_be_measured() {
        assertThrows(IOException.class, () -> MemoryProbe.of(1L << 30));
    }

    /** A JVM that waits until it is killed. */
    static final class Sleeper {

        private Sleeper() {}

        public static void main(String[] none) throws IOException {
            System.out.write('!');
            System.out.flush();
            System.in.read();
        }
    }

    private static ConnectReport run(FakeGateway gateway, @Nullable MemoryProbe probe) {
        URI url = gateway.url();
        RunPlan run = new RunPlan("test", url, FrameFormat.PROTO, 1, USERS, 1, 42, Duration.ZERO);
        ConnectPlan plan = new ConnectPlan(run, 1_000, Duration.ofMillis(100));
        return new ConnectRun(
                        plan,
                        new DevTokenSource(url),
                        new BenchProgress(new PrintWriter(Writer.nullWriter(), true), 1),
                        probe)
                .run();
    }
}
