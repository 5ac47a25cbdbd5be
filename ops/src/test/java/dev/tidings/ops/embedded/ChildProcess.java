package dev.tidings.ops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What the kernel says of a process. */
record ChildProcess(long pid) {

    /** A process that has ended but that nobody has fetched runs no more. */
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
            // it ended between the opening and the reading
            if (!Files.exists(Path.of("/proc", String.valueOf(pid)))) {
                return List.of();
            }
            throw new UncheckedIOException(e);
        }
    }
}
