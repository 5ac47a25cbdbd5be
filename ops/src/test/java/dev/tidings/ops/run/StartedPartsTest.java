package dev.tidings.ops.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartedPartsTest {

    private final List<String> lines = new ArrayList<>();
    private final StartedParts parts = new StartedParts(new Progress() {
        @Override
        public void started(String part, Duration took) {
            lines.add(part + " started");
        }

        @Override
        public void note(String text) {
            lines.add(text);
        }

        @Override
        public void stopping(String part) {
            lines.add("stopping " + part);
        }
    });

    @Test
    void a_planned_stop_names_each_part_and_stops_the_last_started_first() {
        parts.<AutoCloseable>start("broker", () -> () -> lines.add("broker closed"));
        parts.<AutoCloseable>start("gateway", () -> () -> lines.add("gateway closed"));

        parts.close();

        assertEquals(
                List.of(
                        "broker started",
                        "gateway started",
                        "stopping gateway",
                        "gateway closed",
                        "stopping broker",
                        "broker closed"),
                lines);
    }

    @Test
    void a_part_that_fails_to_stop_does_not_keep_the_others_running() {
        parts.<AutoCloseable>start("broker", () -> () -> lines.add("broker closed"));
        parts.<AutoCloseable>start("gateway", () -> () -> {
            throw new IllegalStateException("for the test");
        });

        parts.close();

        assertEquals("broker closed", lines.getLast());
    }
}
