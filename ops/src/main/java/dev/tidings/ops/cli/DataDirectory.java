package dev.tidings.ops.cli;

import dev.tidings.ops.embedded.DirectoryLock;
import dev.tidings.ops.embedded.StartFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a process keeps its data: a folder that was named, or one of its own that goes when it goes. */
record DataDirectory(Path path, @Nullable DirectoryLock lock) implements AutoCloseable {

    /** @throws StartFailedException where another process keeps its data in the named folder */
    static DataDirectory of(@Nullable Path named) {
        try {
            if (named == null) {
                return new DataDirectory(Files.createTempDirectory("tidings-"), null);
            }
            Path path = named.toAbsolutePath().normalize();
            return new DataDirectory(path, DirectoryLock.hold(path));
        } catch (IOException e) {
            throw new CannotRunException(
                    "cannot keep data in " + (named == null ? "a temporary folder" : named) + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            lock.close();
            return;
        }
        try {
            List<Path> deepestFirst;
            try (Stream<Path> all = Files.walk(path)) {
                deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            log().warn("temporary data is left behind path={}", path, e);
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger(DataDirectory.class);
    }
}
