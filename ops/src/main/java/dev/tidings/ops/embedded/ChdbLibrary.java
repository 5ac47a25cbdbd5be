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
 * The ClickHouse engine as a shared library, kept once per user and version. It is fetched when it is first needed
 * (about 180 MB, 570 MB unpacked); several processes may ask at once, and one of them fetches.
 */
final class ChdbLibrary {

    /** Where the library comes from, when it is not there yet. */
    interface Source {

        String version();

        /**
         * @param work an empty directory; everything stays inside
         * @return the library, checked
         * @throws StartFailedException where it cannot be fetched or is not what was pinned
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

    /** File locks hold between processes only; this one holds between threads. */
    private static final ReentrantLock INSTALLING = new ReentrantLock();

    private final Path cache;
    private final Source source;

    ChdbLibrary(Path cache, Source source) {
        this.cache = cache;
        this.source = source;
    }

    /**
     * In {@code $XDG_CACHE_HOME/tidings/clickhouse}, or {@code ~/.cache/tidings/clickhouse}.
     *
     * @throws StartFailedException where there is no library for this machine
     */
    static ChdbLibrary ofUser(Map<String, String> environment) {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!machine.toLowerCase(Locale.ROOT).equals("linux amd64")) {
            throw new StartFailedException(
                    "the embedded ClickHouse runs on Linux on x86-64 with glibc, and this is " + machine);
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path root = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return new ChdbLibrary(root.resolve("tidings").resolve("clickhouse"), PINNED);
    }

    /**
     * @param progress hears a line now and then, if there is something to fetch
     * @return the library's file, complete and checked
     * @throws StartFailedException where it cannot be fetched, or is not what was pinned
     */
    Path install(Consumer<String> progress) {
        Path library = cache.resolve(source.version()).resolve(FILE);
        if (Files.exists(library)) {
            return library;
        }
        INSTALLING.lock();
        try {
            Files.createDirectories(cache);
            installAlone(library, progress);
            return library;
        } catch (IOException e) {
            throw new StartFailedException("the ClickHouse library could not be installed in " + cache, e);
        } finally {
            INSTALLING.unlock();
        }
    }

    private void installAlone(Path library, Consumer<String> progress) throws IOException {
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
                // The only step that others can see.
                Files.move(complete, cache.resolve(source.version()), StandardCopyOption.ATOMIC_MOVE);
                progress.accept("ClickHouse " + source.version() + " is ready in " + library.getParent());
            } finally {
                Utils.delete(work.toFile());
            }
        }
    }

    /** Left by somebody who was killed; nobody is at work on it, for we hold the lock. */
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
