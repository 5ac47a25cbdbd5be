package dev.tidings.ops.backup;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of backups, one subdirectory each, named by its time (UTC). A backup or restore is written under another name and renamed
 * at its end, so an interrupted one is never taken for a complete one.
 *
 * @param root need not exist for a first backup
 */
public record BackupDirectory(Path root) {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAMED = Pattern.compile("\\d{8}T\\d{6}Z");
    private static final String UNFINISHED = ".unfinished";

    private static final String KAFKA = "kafka";
    private static final int FILES_PER_LINE = 1_000;

    /**
     * The result of a backup or restore.
     *
     * @param files all files
     * @param bytes their size
     * @param copiedBytes the bytes that were copied and not linked
     */
    public record Result(Path directory, int files, long bytes, long copiedBytes) {}

    /**
     * Backs up a data directory that no process uses. The caller holds its lock.
     *
     * @param data its files must not change meanwhile
     * @param progress receives a line for each thousand files
     * @throws BackupException if the directory has no data or links to files outside of it, the disk has too little space, or a backup
     *     of the same second exists
     */
    public Result backUp(Path data, Instant now, Consumer<String> progress) throws IOException {
        if (!Files.isDirectory(data.resolve(KAFKA))) {
            throw new BackupException(data + " is not a data directory of Tidings: it has no directory " + KAFKA);
        }
        Path finished = root.resolve(NAME.format(now));
        if (Files.exists(finished)) {
            throw new BackupException("backup " + finished + " exists already");
        }
        Files.createDirectories(root);
        Optional<Path> earlier = newest();
        Map<String, Manifest.Entry> before =
                earlier.isPresent() ? Manifest.read(earlier.get()).files() : Map.of();
        DataFiles source = DataFiles.of(data.toRealPath());
        requireSpace(root, changedBytes(source, before));
        Path unfinished = root.resolve(finished.getFileName() + UNFINISHED);
        DataFiles.deleteTree(unfinished);
        createPrivate(unfinished, data);
        for (String path : source.directories()) {
            Files.createDirectories(unfinished.resolve(path));
        }
        Map<String, Manifest.Entry> written = new TreeMap<>();
        long copied = 0;
        for (Map.Entry<String, Path> file : source.files().entrySet()) {
            Path to = unfinished.resolve(file.getKey());
            Manifest.Entry known = before.get(file.getKey());
            if (known != null && isUnchanged(file.getValue(), known)) {
                Files.createLink(to, earlier.orElseThrow().resolve(file.getKey()));
                written.put(file.getKey(), known);
            } else {
                long modified = Files.getLastModifiedTime(file.getValue()).toMillis();
                CopiedFile copy = CopiedFile.copy(file.getValue(), to);
                written.put(file.getKey(), new Manifest.Entry(copy.sha256(), copy.bytes(), modified));
                copied += copy.bytes();
            }
            report(written.size(), source.files().size(), progress);
        }
        Manifest manifest = new Manifest(written, source.links(), source.directories());
        manifest.write(unfinished);
        Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
        return new Result(finished, written.size(), manifest.bytes(), copied);
    }

    /**
     * Restores a backup into a directory, and compares each file with its sum.
     *
     * @param name the backup; null: the newest
     * @param data absolute; must not exist, or be empty
     * @throws BackupException if there is no such backup, the directory is not empty, the disk has too little space, or a file is damaged
     */
    public Result restore(@Nullable String name, Path data, Consumer<String> progress) throws IOException {
        Path backup = name == null
                ? newest().orElseThrow(() -> new BackupException(root + " has no backup"))
                : root.resolve(name);
        Manifest manifest = Manifest.read(backup);
        if (Files.exists(data) && !isEmptyDirectory(data)) {
            throw new BackupException(data + " is not empty; restore into a new directory");
        }
        Path parent = data.resolveSibling("");
        Files.createDirectories(parent);
        requireSpace(parent, manifest.bytes());
        Path unfinished = data.resolveSibling(data.getFileName() + UNFINISHED);
        DataFiles.deleteTree(unfinished);
        createPrivate(unfinished, backup);
        try {
            restore(manifest, backup, unfinished, data, progress);
        } catch (BackupException e) {
            DataFiles.deleteTree(unfinished);
            throw e;
        }
        Files.deleteIfExists(data);
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
        return new Result(data, manifest.files().size(), manifest.bytes(), manifest.bytes());
    }

    /** Creates a directory that only those can enter who can enter the original, because files in it may be readable by all. */
    private static void createPrivate(Path directory, Path original) throws IOException {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(original)));
    }

    private static void restore(Manifest manifest, Path backup, Path to, Path data, Consumer<String> progress)
            throws IOException {
        for (String path : manifest.directories()) {
            Files.createDirectories(inside(to, path));
        }
        int restored = 0;
        for (Map.Entry<String, Manifest.Entry> file : manifest.files().entrySet()) {
            Path from = inside(backup, file.getKey());
            if (!Files.isRegularFile(from)) {
                throw new BackupException("file " + from + " is missing");
            }
            CopiedFile copy = CopiedFile.copy(from, inside(to, file.getKey()));
            if (!copy.sha256().equals(file.getValue().sha256())) {
                throw new BackupException("file " + from + " is damaged: its SHA-256 is " + copy.sha256()
                        + "; the manifest has " + file.getValue().sha256());
            }
            report(++restored, manifest.files().size(), progress);
        }
        for (Map.Entry<String, String> link : manifest.links().entrySet()) {
            Files.createSymbolicLink(inside(to, link.getKey()), DataFiles.target(link.getValue(), data));
        }
    }

    /** @throws BackupException if the path leads out of the directory */
    private static Path inside(Path directory, String path) {
        Path resolved = directory.resolve(path).normalize();
        if (!resolved.startsWith(directory.normalize())) {
            throw new BackupException("the manifest has a path outside of the backup: " + path);
        }
        return resolved;
    }

    private Optional<Path> newest() throws IOException {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try (Stream<Path> backups = Files.list(root)) {
            return backups.filter(
                            path -> NAMED.matcher(path.getFileName().toString()).matches())
                    .max((a, b) -> a.getFileName().compareTo(b.getFileName()));
        }
    }

    private static boolean isUnchanged(Path file, Manifest.Entry known) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return now.size() == known.bytes() && now.lastModifiedTime().toMillis() == known.modifiedMillis();
    }

    private static long changedBytes(DataFiles source, Map<String, Manifest.Entry> before) throws IOException {
        long bytes = 0;
        for (Map.Entry<String, Path> file : source.files().entrySet()) {
            Manifest.Entry known = before.get(file.getKey());
            if (known == null || !isUnchanged(file.getValue(), known)) {
                bytes += Files.size(file.getValue());
            }
        }
        return bytes;
    }

    private static void requireSpace(Path directory, long bytes) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        if (disk.getUsableSpace() < bytes) {
            throw new BackupException(directory + " has " + (disk.getUsableSpace() >> 20) + " MB free; "
                    + ((bytes >> 20) + 1) + " MB are needed");
        }
    }

    private static boolean isEmptyDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    private static void report(int done, int all, Consumer<String> progress) {
        if (done % FILES_PER_LINE == 0) {
            progress.accept(done + " of " + all + " files");
        }
    }
}
