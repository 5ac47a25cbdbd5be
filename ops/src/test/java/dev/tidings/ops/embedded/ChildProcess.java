package dev.tidings.ops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The state of a process, read from {@code /proc}. */
record ChildProcess(long pid) {

    /** Whether it runs. A zombie does not. */
    boolean runs() {
        List<String> fields = afterName();
        return !fields.isEmpty() && !fields.get(0).equals("Z");
    }

    long session() {
        return Long.parseLong(afterName().get(3));
    }

    static long ownSession() {
        return new ChildProcess(ProcessHandle.current().pid()).session();
    }

    private List<String> afterName() {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            // it ended while its state was read
            if (!Files.exists(Path.of("/proc", String.valueOf(pid)))) {
                return List.of();
            }
            throw new UncheckedIOException(e);
        }
    }
}
