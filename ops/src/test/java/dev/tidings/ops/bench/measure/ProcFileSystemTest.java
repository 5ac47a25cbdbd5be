package dev.tidings.ops.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcFileSystemTest {

    @TempDir
    private Path root = Path.of("");

    @Test
    void addsUserAndSystemTimeOfEachThreadGroup() throws IOException {
        write("7/stat", "7 (java) S 1 7 7 0 -1 0 0 0 0 0 30 12 0 0 20 0 3");
        write("7/task/7/stat", "7 (main (1) x) S 1 7 7 0 -1 0 0 0 0 0 3 1 0 0 20 0 3");
        write("7/task/8/stat", "8 (worker-1) S 1 7 7 0 -1 0 0 0 0 0 10 5 0 0 20 0 3");
        write("7/task/9/stat", "9 (worker-2) S 1 7 7 0 -1 0 0 0 0 0 17 6 0 0 20 0 3");

        CpuTimes times = new ProcFileSystem(root).read(7);

        assertEquals(new CpuTimes("java-7", 420_000_000, Map.of("main", 40_000_000L, "worker", 380_000_000L)), times);
    }

    @Test
    void readsTimeAndResidentMemoryOfAProcessAsAWhole() throws IOException {
        write("7/stat", "7 (java) S 1 7 7 0 -1 0 0 0 0 0 30 12 0 0 20 0 3");
        write("7/status", "Name:\tjava\nVmRSS:\t  2048 kB\nThreads:\t2\n");

        ProcFileSystem proc = new ProcFileSystem(root);

        assertEquals(420_000_000, proc.totalNanos(7));
        assertEquals(2_048 * 1_024, proc.residentBytes(7));
    }

    @ParameterizedTest
    @CsvSource({
        "C2 CompilerThre, C2 CompilerThre",
        "GC Thread#0, GC Thread",
        "XNIO-1 I/O-1, XNIO",
        "kafka-producer-network-thread | tidings-1, kafka-producer-network-thread _ tidings",
        "12, 12"
    })
    void aThreadGroupIsTheNameWithoutItsNumber(String thread, String group) {
        assertEquals(group, ProcFileSystem.groupOf(thread));
    }

    @Test
    void readsThisProcess() throws IOException {
        CpuTimes times = new ProcFileSystem(Path.of("/proc"))
                .read(ProcessHandle.current().pid());

        assertTrue(times.totalNanos() > 0, times::toString);
        assertTrue(times.groupNanos().size() > 1, times::toString);
    }

    @Test
    void aProcessThatHasEndedIsAnError() {
        assertThrows(IOException.class, () -> new ProcFileSystem(root).read(7));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
