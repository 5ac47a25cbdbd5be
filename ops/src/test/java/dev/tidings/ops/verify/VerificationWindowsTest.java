package dev.tidings.ops.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.verify.VerificationWindows.Offsets;
import dev.tidings.ops.verify.VerificationWindows.Window;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationWindowsTest {

    @Test
    void every_run_compares_the_newest_records_of_every_partition() {
        VerificationWindows windows = new VerificationWindows(20, 0);

        assertEquals(
                List.of(new Window(0, 0, 5, true), new Window(1, 90, 100, true)),
                newest(windows.next(List.of(new Offsets(0, 5, 7), new Offsets(90, 100, 100)))));
    }

    @Test
    void older_records_are_compared_in_turn_in_all_partitions() {
        VerificationWindows windows = new VerificationWindows(20, 1);
        List<Offsets> partitions = List.of(new Offsets(0, 40, 40), new Offsets(3, 35, 35));

        assertEquals(List.of(new Window(1, 3, 23, false)), older(windows.next(partitions)));
        assertEquals(
                List.of(new Window(1, 23, 25, false), new Window(0, 0, 18, false)), older(windows.next(partitions)));
        assertEquals(
                List.of(new Window(0, 18, 30, false), new Window(1, 3, 11, false)), older(windows.next(partitions)));
    }

    @Test
    void a_log_without_older_records_has_only_the_newest() {
        VerificationWindows windows = new VerificationWindows(100, 0);
        List<Offsets> partitions = List.of(new Offsets(0, 0, 0), new Offsets(0, 50, 50));

        assertEquals(List.of(new Window(1, 0, 50, true)), windows.next(partitions));
        assertEquals(List.of(new Window(1, 0, 50, true)), windows.next(partitions));
    }

    @Test
    void a_run_is_bounded_also_if_the_sinks_are_far_behind() {
        VerificationWindows windows = new VerificationWindows(10, 0);

        assertEquals(
                List.of(new Window(0, 90, 100, false), new Window(0, 0, 10, false)),
                windows.next(List.of(new Offsets(0, 100, 111))));
    }

    private static List<Window> newest(List<Window> windows) {
        return windows.stream().filter(Window::isAtEnd).toList();
    }

    private static List<Window> older(List<Window> windows) {
        return windows.stream().filter(window -> !window.isAtEnd()).toList();
    }
}
