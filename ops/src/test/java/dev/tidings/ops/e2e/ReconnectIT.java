package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatWindow.Size;
import dev.tidings.ops.e2e.ScriptedGateway.Fate;
import dev.tidings.v1.Disconnect;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chat page in a real browser comes back when it was advised to, and without advice ever more slowly. How long it waits
 * at least is a promise; how long at most is not looked at.
 */
class ReconnectIT {

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void whoever_is_told_when_to_come_back_does_not_come_before_even_if_the_network_seems_to_be_back() {
        Disconnect advice = Disconnect.newBuilder()
                .setCode(Disconnect.Code.OVERLOADED)
                .setReconnect(true)
                .setAfterMs(1_500)
                .setJitterMs(200)
                .build();
        try (ScriptedGateway gateway = new ScriptedGateway(
                        connection -> connection < 2 ? new Fate.SentAway(advice) : new Fate.Served());
                ChatWindow peggy = open(gateway)) {
            peggy.startSigningIn("peggy")
                    .until("sent away", w -> w.connectionState().equals("waiting"));
            peggy.dispatch("online").dispatch("pageshow");

            peggy.awaitConnected();

            assertEquals(3, gateway.arrivals());
            assertTrue(gateway.pauseMillisAfter(0) >= 1_500, () -> "after " + gateway.pauseMillisAfter(0) + " ms");
            assertTrue(gateway.pauseMillisAfter(1) >= 1_500, () -> "after " + gateway.pauseMillisAfter(1) + " ms");
        }
    }

    @Test
    void whoever_is_cut_off_without_a_word_waits_longer_after_each_failure() {
        try (ScriptedGateway gateway =
                        new ScriptedGateway(connection -> connection < 4 ? new Fate.Cut() : new Fate.Served());
                ChatWindow peggy = open(gateway)) {
            peggy.startSigningIn("peggy").awaitConnected();

            assertPausesGrow(gateway);
        }
    }

    @Test
    void a_connection_that_breaks_at_once_is_no_better_than_none() {
        try (ScriptedGateway gateway = new ScriptedGateway(
                        connection -> connection < 4 ? new Fate.CutOnceConnected() : new Fate.Served());
                ChatWindow peggy = open(gateway)) {
            peggy.startSigningIn("peggy").awaitConnected();

            assertPausesGrow(gateway);
        }
    }

    /** From a quarter of a second on each is twice as long at least. */
    private static void assertPausesGrow(ScriptedGateway gateway) {
        assertEquals(5, gateway.arrivals());
        for (int failure = 0; failure < 4; failure++) {
            long pause = gateway.pauseMillisAfter(failure);
            assertTrue(pause >= 250L << failure, "after failure " + failure + " in " + pause + " ms");
        }
    }

    private ChatWindow open(ScriptedGateway gateway) {
        return ChatWindow.open(gateway.url(), directory.resolve("profile"), Size.DESKTOP);
    }
}
