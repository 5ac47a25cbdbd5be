package dev.tidings.ops.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a data directory that a backup contains. The local state of the topologies is left out, because they restore it from Kafka; so are
 * log files and the lock.
 *
 * @param files by path relative to the data directory
 * @param links targets of symbolic links by relative path. ClickHouse links to absolute paths: those in the data directory begin with
 *     {@value #DATA} instead
 * @param directories relative paths
 */
record DataFiles(Map<String, Path> files, Map<String, String> links, Set<String> directories) {

    private static final String DATA = "data:";
    private static final Set<String> EXCLUDED = Set.of("state", "owner.lock");
    private static final Pattern LOG = Pattern.compile("tidings.*\\.log.*");

    /**
     * Lists a directory. Sockets and pipes are left out.
     *
     * @param data without symbolic links in it
     * @throws BackupException if a link leads to files outside of the directory: the backup would lack them
     */
    static DataFiles of(Path data) throws IOException {
        DataFiles found = new DataFiles(new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (isExcluded(directory)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                found.directories.add(name(directory));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink()) {
                    requireInside(file, data);
                    found.links.put(name(file), portable(file, data));
                } else if (attributes.isRegularFile() && !isExcluded(file)) {
                    found.files.put(name(file), file);
                }
                return FileVisitResult.CONTINUE;
            }

            private String name(Path path) {
                return data.relativize(path).toString();
            }

            private boolean isExcluded(Path path) {
                String name = path.getFileName().toString();
                return data.equals(path.getParent())
                        && (EXCLUDED.contains(name) || LOG.matcher(name).matches());
            }
        });
        return found;
    }

    private static void requireInside(Path link, Path data) throws IOException {
        if (Files.exists(link) && !link.toRealPath().startsWith(data)) {
            throw new BackupException(link + " is a link to " + link.toRealPath() + ", which a backup of " + data
                    + " does not contain; move it into the directory");
        }
    }

    /** Returns the target of a link for a data directory: the inverse of the form in {@link #links}. */
    static Path target(String link, Path data) {
        return link.startsWith(DATA) ? data.resolve(link.substring(DATA.length())) : Path.of(link);
    }

    private static String portable(Path link, Path data) throws IOException {
        Path target = Files.readSymbolicLink(link);
        if (target.isAbsolute() && Files.exists(link)) {
            target = link.toRealPath(); // the process may have known the directory by another path
        }
        return target.startsWith(data) ? DATA + data.relativize(target) : target.toString();
    }

    /** Deletes a directory with its content, if it exists. */
    static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
