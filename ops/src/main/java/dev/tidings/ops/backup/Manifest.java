package dev.tidings.ops.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The content of a backup. All paths are relative to the data directory, with {@code /} between names.
 *
 * <p>As text: a first line with the version of the format, then a line for each file, link and directory, with tabs between its parts:
 * {@code file}, SHA-256 in hex, size, time of the last change in milliseconds since 1970, path; {@code link}, target, path; {@code
 * directory}, path.
 *
 * @param links targets of symbolic links by path
 * @param directories all directories
 */
record Manifest(Map<String, Entry> files, Map<String, String> links, Set<String> directories) {

    static final String FILE = "manifest";

    private static final String VERSION = "tidings-backup 1";

    record Entry(String sha256, long bytes, long modifiedMillis) {}

    Manifest {
        files = new TreeMap<>(files);
        links = new TreeMap<>(links);
        directories = new TreeSet<>(directories);
    }

    static Manifest empty() {
        return new Manifest(Map.of(), Map.of(), Set.of());
    }

    long bytes() {
        return files.values().stream().mapToLong(Entry::bytes).sum();
    }

    void write(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(VERSION);
        directories.forEach(path -> lines.add(line("directory", path)));
        files.forEach((path, entry) -> lines.add(line(
                "file", entry.sha256(), Long.toString(entry.bytes()), Long.toString(entry.modifiedMillis()), path)));
        links.forEach((path, target) -> lines.add(line("link", target, path)));
        Files.write(directory.resolve(FILE), lines);
    }

    /** @throws BackupException if the manifest is missing, of another version, or damaged */
    static Manifest read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            throw new BackupException(directory + " is not a backup: it has no file " + FILE);
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().equals(VERSION)) {
            throw new BackupException(file + " begins with '" + (lines.isEmpty() ? "" : lines.getFirst())
                    + "'; this version reads '" + VERSION + "'");
        }
        Manifest manifest = empty();
        for (String line : lines.subList(1, lines.size())) {
            String[] parts = line.split("\t", -1);
            try {
                switch (parts[0]) {
                    case "directory" -> manifest.directories.add(parts[1]);
                    case "link" -> manifest.links.put(parts[2], parts[1]);
                    case "file" ->
                        manifest.files.put(
                                parts[4], new Entry(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3])));
                    default -> throw new NumberFormatException(parts[0]);
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new BackupException(file + " has a line that is neither a file, link nor directory: " + line);
            }
        }
        return manifest;
    }

    private static String line(String... parts) {
        for (String part : parts) {
            if (part.indexOf('\t') >= 0 || part.indexOf('\n') >= 0) {
                throw new BackupException("the name " + part + " contains a tab or a line break");
            }
        }
        return String.join("\t", parts);
    }
}
