package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import dev.tidings.gateway.Gateway;
import dev.tidings.ops.bench.BenchCommand;
import dev.tidings.schemas.serde.ProtoJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/**
 * All users of one gateway drop at once and reconnect while others at another gateway write to them. The checker of the load
 * generator accounts for every message.
 */
@Timeout(180)
class StormIT {

    private static final int USERS = 300;
    private static final int MISSED = 2;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private final StringWriter progress = new StringWriter();

    @Test
    void clients_that_are_cut_off_resume_without_loss() throws Exception {
        try (Gateway gateway = gateway(Map.of())) {
            Struct report = storm("cut", gateway.port()).join();

            assertEquals(USERS, number(report, "resumed"), report::toString);
            assertEquals(0, number(report, "unsynced") + number(report, "droppedAgain"), report::toString);
            assertTrue(number(report, "recovered") >= USERS * MISSED, report::toString);
        }
    }

    @Test
    void clients_of_a_draining_gateway_resume_at_the_next_one_without_loss() throws Exception {
        CompletableFuture<Struct> running;
        int port = RoleProcess.freePort();
        Map<String, String> onThisPort = Map.of("gateway.http-port", Integer.toString(port));
        try (Gateway gateway = gateway(onThisPort)) {
            assertEquals(port, gateway.port());
            running = storm("drain", port);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> running.isDone() || progress.toString().contains("now stop the gateway"));
        }
        try (Gateway next = gateway(onThisPort)) {
            Struct report = running.join();

            assertEquals(port, next.port());
            assertEquals(USERS, number(report, "advisedDraining"), report::toString);
            assertEquals(USERS, number(report, "resumed"), report::toString);
            assertEquals(0, number(report, "unsynced") + number(report, "droppedAgain"), report::toString);
        }
    }

    @Test
    void an_overloaded_gateway_delays_clients_and_accepts_all_of_them() throws Exception {
        Map<String, String> small = Map.of("gateway.max-openings", "4", "gateway.reconnects-per-second", "60");
        try (Gateway gateway = gateway(small)) {
            Struct report = storm("cut", gateway.port()).join();

            assertTrue(number(report, "advisedOverloaded") > 0, report::toString);
            assertEquals(USERS, number(report, "resumed"), report::toString);
            assertEquals(0, number(report, "unsynced") + number(report, "droppedAgain"), report::toString);
        }
    }

    private static Gateway gateway(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of("gateway.slot", "1"));
        settings.putAll(more);
        return tidings.startGateway(settings);
    }

    /** Completes with the report of a storm in which no message was lost, duplicated or reordered. */
    private CompletableFuture<Struct> storm(String drop, int port) {
        Path json = tidings.directory().resolve(drop + '-' + port + ".json");
        List<String> arguments = new ArrayList<>(List.of(
                "storm",
                "--drop=" + drop,
                "--url=" + URI.create("http://127.0.0.1:" + port),
                "--senders-url=" + tidings.url(),
                "--jwt-secret=" + tidings.settings().required("gateway.jwt.secret"),
                "--users=" + USERS,
                "--senders=10",
                "--conversations=2",
                "--history=1",
                "--missed=" + MISSED,
                "--rate=1000",
                "--drain=60",
                "--json=" + json));
        CommandLine bench = BenchCommand.commandLine(Optional::empty).setErr(new PrintWriter(progress, true));
        return CompletableFuture.supplyAsync(() -> {
            int exitCode = bench.execute(arguments.toArray(String[]::new));
            assertEquals(0, exitCode, () -> progress + read(json));
            return parsed(json);
        });
    }

    private static Struct parsed(Path json) {
        try {
            return ProtoJson.parse(Files.readString(json), Struct.newBuilder()).build();
        } catch (IOException e) {
            throw new AssertionError("no report", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "no report: " + e.getMessage();
        }
    }

    private static double number(Struct report, String name) {
        return report.getFieldsOrThrow(name).getNumberValue();
    }
}
