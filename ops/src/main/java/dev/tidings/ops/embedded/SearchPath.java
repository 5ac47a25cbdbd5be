package dev.tidings.ops.embedded;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directories in which programs are searched.
 *
 * @param directories as in the environment's PATH
 */
record SearchPath(String directories) {

    static SearchPath ofEnvironment() {
        return new SearchPath(System.getenv().getOrDefault("PATH", ""));
    }

    /** Returns the first executable file with this name. */
    Optional<Path> find(String program) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(directories)
                .filter(directory -> !directory.isEmpty())
                .flatMap(directory -> candidate(directory, program).stream())
                .findFirst();
    }

    private static Optional<Path> candidate(String directory, String program) {
        try {
            return Optional.of(Path.of(directory, program))
                    .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
