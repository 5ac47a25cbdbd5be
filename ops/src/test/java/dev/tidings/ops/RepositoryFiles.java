package dev.tidings.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this checkout, for tests that hold documents and sources to each other. */
public final class RepositoryFiles {

    /** Tests run in their module's directory, or in the repository's. */
    public static final Path ROOT = root();

    private RepositoryFiles() {}

    /** Returns the files below the directory whose names have one of the endings, sorted by path; without build output. */
    public static List<Path> below(Path directory, String... endings) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .filter(file ->
                            Stream.of("/target/", "/node_modules/", "/.git/").noneMatch(file.toString()::contains))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("ops/docs/operations.md"))) {
                return at;
            }
        }
        throw new AssertionError(
                "ops/docs/operations.md is not above " + Path.of("").toAbsolutePath());
    }
}
