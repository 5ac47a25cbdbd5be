package dev.tidings.ops.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.embedded.StartFailedException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartChecksTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void a_taken_port_is_named_with_the_key_that_changes_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            StartFailedException refused = assertThrows(
                    StartFailedException.class, () -> StartChecks.port("127.0.0.1", port, "gateway.http-port"));

            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith("port " + port + " on 127.0.0.1 cannot be bound"), message);
            assertTrue(message.contains("set gateway.http-port"), message);
        }
    }

    @Test
    void any_free_port_will_do_where_the_port_is_0() {
        assertDoesNotThrow(() -> StartChecks.port("no.such.host.invalid", 0, "gateway.http-port"));
    }

    @Test
    void too_little_free_space_is_refused_with_the_free_and_the_needed_space() {
        StartFailedException refused =
                assertThrows(StartFailedException.class, () -> StartChecks.freeSpace(directory, Long.MAX_VALUE));

        assertTrue(String.valueOf(refused.getMessage()).contains(" MB are needed"), refused::getMessage);
    }

    @Test
    void enough_free_space_passes_and_the_directory_is_created() {
        Path data = directory.resolve("new/data");

        StartChecks.freeSpace(data, 1);

        assertTrue(Files.isDirectory(data));
    }

    @Test
    void a_missing_temporary_directory_is_refused_with_the_option_to_change() {
        StartFailedException refused = assertThrows(
                StartFailedException.class, () -> StartChecks.temporaryDirectory(directory.resolve("absent")));

        assertTrue(String.valueOf(refused.getMessage()).contains("-Djava.io.tmpdir="), refused::getMessage);
    }

    @Test
    void a_usable_temporary_directory_passes_and_stays_unchanged() throws Exception {
        StartChecks.temporaryDirectory(directory);

        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
