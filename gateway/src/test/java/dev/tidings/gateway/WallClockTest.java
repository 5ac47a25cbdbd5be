package dev.tidings.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No decision of a gateway depends on the wall clock of its machine: {@code LogClock} has the time. */
class WallClockTest {

    private static final Pattern WALL_CLOCK = Pattern.compile(
            "System[.:]+currentTimeMillis|Instant\\.now|Clock\\.system|new Date\\(\\)|LocalDateTime\\.now");

    /** {@code LogClock} starts with the wall clock until the first heartbeat, before any client; development tokens expire by it. */
    private static final Set<String> ALLOWED = Set.of("LogClock.java", "DevTokens.java");

    @Test
    void no_class_of_the_gateway_reads_the_wall_clock() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertFalse(sources.isEmpty());

            List<String> reading = sources.stream()
                    .filter(WallClockTest::readsWallClock)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !ALLOWED.contains(name))
                    .toList();

            assertEquals(List.of(), reading);
        }
    }

    private static boolean readsWallClock(Path file) {
        try {
            return WALL_CLOCK.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
