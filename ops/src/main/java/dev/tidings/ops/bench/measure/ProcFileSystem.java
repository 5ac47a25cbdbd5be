package dev.tidings.ops.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads processor times and memory from Linux's {@code /proc}. The resolution of times is 10 ms.
 *
 * @param root {@code /proc}
 */
record ProcFileSystem(Path root) {

    private static final long NANOS_PER_TICK = TimeUnit.MILLISECONDS.toNanos(10);
    /** Fields after the name in parentheses, counted from 0. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    private static final String RESIDENT = "VmRSS:";
    private static final long BYTES_PER_KILOBYTE = 1_024;

    /**
     * Reads the times of a process and its threads.
     *
     * @throws IOException if the process has ended, or this is not Linux
     */
    CpuTimes read(long pid) throws IOException {
        Path process = root.resolve(Long.toString(pid));
        Map<String, Long> groups = new TreeMap<>();
        List<Path> threads;
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            threads = tasks.toList();
        }
        for (Path thread : threads) {
            try {
                String stat = Files.readString(thread.resolve("stat"));
                groups.merge(groupOf(nameOf(stat)), nanosOf(stat), Long::sum);
            } catch (IOException e) {
                // the thread has ended; the total includes it
            }
        }
        String stat = Files.readString(process.resolve("stat"));
        return new CpuTimes(nameOf(stat) + '-' + pid, nanosOf(stat), groups);
    }

    /**
     * Returns the processor time of a process, all its threads included.
     *
     * @throws IOException if the process has ended, or this is not Linux
     */
    long totalNanos(long pid) throws IOException {
        return nanosOf(Files.readString(root.resolve(Long.toString(pid)).resolve("stat")));
    }

    /**
     * Returns the memory of a process that is in RAM.
     *
     * @throws IOException if the process has ended, or this is not Linux
     */
    long residentBytes(long pid) throws IOException {
        return Files.readAllLines(root.resolve(Long.toString(pid)).resolve("status")).stream()
                .filter(line -> line.startsWith(RESIDENT))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KILOBYTE)
                .findFirst()
                .orElseThrow(() -> new IOException("process " + pid + " has ended: it has no " + RESIDENT));
    }

    /** Returns the group of a thread: its name without a number at the end and what follows it. */
    static String groupOf(String threadName) {
        String printable = threadName.replaceAll("[^A-Za-z0-9 _.#:/-]", "_");
        String group = printable.replaceFirst("[-_#. ]+[0-9].*$|[0-9]+$", "").strip();
        return group.isEmpty() ? printable : group;
    }

    private static String nameOf(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    }

    private static long nanosOf(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * NANOS_PER_TICK;
    }
}
