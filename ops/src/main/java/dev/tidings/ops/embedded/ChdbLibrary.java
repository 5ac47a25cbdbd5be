package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/**
 * Installs the ClickHouse engine, a shared library, once for each user and version. Fetches it at the first use (about 180 MB,
 * 570 MB unpacked). If several processes need it at once, one of them fetches it.
 */
final class ChdbLibrary {

    /** Fetches the library. */
    interface Source {

        String version();

        /**
         * @param work an empty directory for all files
         * @return the library, with a verified checksum
         * @throws StartFailedException if it cannot be fetched, or its checksum differs
         */
        Path fetch(Path work, Consumer<String> progress) throws IOException;
    }

    private static final String FILE = "libchdb.so";

    private static final Source PINNED = new NpmPackage(
            "@chdb/lib-linux-x64-gnu",
            "26.7.3-stable.1",
            "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
            FILE);

    private static final String UNFINISHED = "unfinished-";

    /** Excludes other threads of this process; the file lock excludes other processes only. */
    private static final ReentrantLock INSTALLING = new ReentrantLock();

    private final Path cache;
    private final Source source;

    ChdbLibrary(Path cache, Source source) {
        this.cache = cache;
        this.source = source;
    }

    /**
     * Returns the library in {@code $XDG_CACHE_HOME/tidings/clickhouse}, or {@code ~/.cache/tidings/clickhouse}.
     *
     * @throws StartFailedException if there is no library for this machine
     */
    static ChdbLibrary ofUser(Map<String, String> environment) {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!machine.toLowerCase(Locale.ROOT).equals("linux amd64")) {
            throw new StartFailedException(
                    "the embedded ClickHouse needs Linux on x86-64 with glibc; this machine is " + machine);
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path root = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return new ChdbLibrary(root.resolve("tidings").resolve("clickhouse"), PINNED);
    }

    /**
     * Returns the library's file. Fetches it first if it is not installed.
     *
     * @param progress receives lines of progress while it is fetched
     * @throws StartFailedException if it cannot be fetched, or its checksum differs
     */
    Path install(Consumer<String> progress) {
        Path library = cache.resolve(source.version()).resolve(FILE);
        if (Files.exists(library)) {
            return library;
        }
        INSTALLING.lock();
        try {
            Files.createDirectories(cache);
            installLocked(library, progress);
            return library;
        } catch (IOException e) {
            throw new StartFailedException("cannot install the ClickHouse library in " + cache, e);
        } finally {
            INSTALLING.unlock();
        }
    }

    private void installLocked(Path library, Consumer<String> progress) throws IOException {
        try (FileChannel lockFile = FileChannel.open(
                        cache.resolve("install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = lockFile.lock()) {
            if (Files.exists(library)) {
                return;
            }
            removeUnfinished();
            Path work = Files.createTempDirectory(cache, UNFINISHED);
            try {
                Path fetched = source.fetch(work, progress);
                Path complete = Files.createDirectory(work.resolve("complete"));
                Files.move(fetched, complete.resolve(FILE));
                // other processes see only this step
                Files.move(complete, cache.resolve(source.version()), StandardCopyOption.ATOMIC_MOVE);
                progress.accept("ClickHouse " + source.version() + " is ready in " + library.getParent());
            } finally {
                Utils.delete(work.toFile());
            }
        }
    }

    /** Deletes what a killed process has left. No other process works there: this one holds the lock. */
    private void removeUnfinished() throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            for (Path entry : entries.filter(
                            path -> path.getFileName().toString().startsWith(UNFINISHED))
                    .toList()) {
                Utils.delete(entry.toFile());
            }
        }
    }
}
