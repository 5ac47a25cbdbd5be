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

/**
 * The data directory of a process: a given one, locked for this process, or a temporary one that {@link #close} deletes.
 *
 * @param lock null for a temporary directory
 */
record DataDirectory(Path path, @Nullable DirectoryLock lock) implements AutoCloseable {

    /**
     * Creates or locks the directory.
     *
     * @param given null: a temporary directory
     * @throws StartFailedException if another process uses the given directory
     */
    static DataDirectory of(@Nullable Path given) {
        try {
            if (given == null) {
                return new DataDirectory(Files.createTempDirectory("tidings-"), null);
            }
            Path path = given.toAbsolutePath().normalize();
            return new DataDirectory(path, DirectoryLock.hold(path));
        } catch (IOException e) {
            throw new CannotRunException(
                    "cannot keep data in " + (given == null ? "a temporary directory" : given) + ": " + e.getMessage());
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
            log().warn("temporary data not deleted path={}", path, e);
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger(DataDirectory.class);
    }
}
