package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatWindow.Size;
import dev.tidings.ops.e2e.ScriptedGateway.Script;
import dev.tidings.v1.Disconnect;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The chat page in a real browser reconnects when it is advised to, and without advice after growing pauses. Tests check the
 * shortest pause, which is promised, and not the longest.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReconnectIT {

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void the_page_waits_as_advised_even_if_the_browser_reports_a_network() {
        Disconnect advice = Disconnect.newBuilder()
                .setCode(Disconnect.Code.OVERLOADED)
                .setReconnect(true)
                .setAfterMs(1_500)
                .setJitterMs(200)
                .build();
        try (ScriptedGateway gateway = new ScriptedGateway(
                        connection -> connection < 2 ? new Script.SendAway(advice) : new Script.Serve());
                ChatWindow peggy = open(gateway)) {
            peggy.startSigningIn("peggy")
                    .until("disconnected", w -> w.connectionState().equals("waiting"));
            peggy.dispatch("online").dispatch("pageshow");

            peggy.awaitConnected();

            assertEquals(3, gateway.connections());
            assertTrue(gateway.pauseMillisAfter(0) >= 1_500, () -> "after " + gateway.pauseMillisAfter(0) + " ms");
            assertTrue(gateway.pauseMillisAfter(1) >= 1_500, () -> "after " + gateway.pauseMillisAfter(1) + " ms");
        }
    }

    @Test
    void without_advice_the_pause_grows_after_each_failure() {
        try (ScriptedGateway gateway =
                        new ScriptedGateway(connection -> connection < 4 ? new Script.Cut() : new Script.Serve());
                ChatWindow peggy = open(gateway)) {
            peggy.startSigningIn("peggy").awaitConnected();

            assertPausesGrow(gateway);
        }
    }

    @Test
    void a_connection_that_breaks_at_once_counts_as_a_failure() {
        try (ScriptedGateway gateway = new ScriptedGateway(
                        connection -> connection < 4 ? new Script.CutAfterConnect() : new Script.Serve());
                ChatWindow peggy = open(gateway)) {
            peggy.startSigningIn("peggy").awaitConnected();

            assertPausesGrow(gateway);
        }
    }

    /** Each pause is at least twice as long as the one before, from 250 ms on. */
    private static void assertPausesGrow(ScriptedGateway gateway) {
        assertEquals(5, gateway.connections());
        for (int failure = 0; failure < 4; failure++) {
            long pause = gateway.pauseMillisAfter(failure);
            assertTrue(pause >= 250L << failure, "after failure " + failure + " in " + pause + " ms");
        }
    }

    private ChatWindow open(ScriptedGateway gateway) {
        return ChatWindow.open(gateway.url(), directory.resolve("profile"), Size.DESKTOP);
    }
}
