package dev.tidings.processors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in the state directory of a topology. A process writes it after it has closed all stores, as a Kafka broker does in its
 * log directories. Without it, the last process was killed, and its stores are deleted before the topology starts.
 *
 * <p>The file contains the ids of the changelogs. Stores of another changelog, such as one from before a rebuild or a restored backup,
 * are deleted as well: Kafka Streams would continue them with the records of the new one. So are stores beside a file without ids, which
 * a process with its state in memory leaves.
 *
 * <p>Such stores cannot be used under exactly-once: they may contain writes of an aborted transaction. Kafka Streams finds this
 * by opening every store of every task twice, and deletes them then. That took most of the time until a topology ran again after
 * a crash ({@code operations.md}).
 */
final class CleanShutdownFile {

    private static final Logger LOG = LoggerFactory.getLogger(CleanShutdownFile.class);

    static final String NAME = ".tidings-clean-shutdown";

    /** Kafka Streams holds the lock of this file while it runs. */
    private static final String LOCK = ".lock";

    private static final Pattern TASK_DIRECTORY = Pattern.compile("\\d+_\\d+");

    private CleanShutdownFile() {}

    /**
     * Deletes the stores if the file is missing, otherwise the file. Does nothing if another process runs in the directory:
     * Kafka Streams then refuses to start.
     *
     * @param directory the state directory of one topology; need not exist
     * @param changelogIds returns the present ids of changelogs by name; asked if the file has ids
     */
    static void consume(Path directory, Supplier<? extends Map<String, String>> changelogIds) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
            Path file = directory.resolve(NAME);
            boolean isUsable = Files.exists(file) && hasIds(Files.readAllLines(file), changelogIds);
            Files.deleteIfExists(file);
            if (!isUsable) {
                deleteStores(directory);
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("state directory is in use by this process directory={}", directory);
        } catch (IOException e) {
            throw new UncheckedIOException("the state directory " + directory + " cannot be prepared", e);
        }
    }

    private static boolean hasIds(List<String> lines, Supplier<? extends Map<String, String>> changelogIds) {
        return !lines.isEmpty() && Set.copyOf(lines(changelogIds.get())).containsAll(lines);
    }

    private static List<String> lines(Map<String, String> ids) {
        return ids.entrySet().stream()
                .map(id -> id.getKey() + ' ' + id.getValue())
                .sorted()
                .toList();
    }

    /**
     * Writes the file. All stores of the topology must be closed. A failure costs the next start a restore.
     *
     * @param changelogIds ids of the changelogs by name
     */
    static void write(Path directory, Map<String, String> changelogIds) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.write(directory.resolve(NAME), lines(changelogIds));
        } catch (IOException e) {
            LOG.warn("clean shutdown cannot be marked; the next start restores all stores directory={}", directory, e);
        }
    }

    private static void deleteStores(Path directory) throws IOException {
        List<Path> tasks;
        try (Stream<Path> entries = Files.list(directory)) {
            tasks = entries.filter(entry -> TASK_DIRECTORY
                            .matcher(entry.getFileName().toString())
                            .matches())
                    .toList();
        }
        for (Path task : tasks) {
            deleteTree(task);
        }
        if (!tasks.isEmpty()) {
            LOG.info(
                    "stores of a killed process or of other changelogs deleted; they are restored from their changelogs directory={} tasks={}",
                    directory,
                    tasks.size());
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
