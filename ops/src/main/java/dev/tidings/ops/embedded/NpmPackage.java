package dev.tidings.ops.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Fetches one file of one version of an npm package, and verifies the package's checksum. The npm client fetches it, with its own
 * settings (registry, proxy); no code of the package runs.
 *
 * @param name of the package in the registry
 * @param integrity {@code sha512-} and the Base64 of the archive's digest, as in a lock file
 * @param file its path in the package
 */
record NpmPackage(String name, String version, String integrity, String file) implements ChdbLibrary.Source {

    private static final int PROGRESS_EVERY_SECONDS = 5;
    private static final File DEV_NULL = new File("/dev/null");
    private static final int BUFFER_BYTES = 1 << 16;

    @Override
    public Path fetch(Path work, Consumer<String> progress) throws IOException {
        Path archive = pack(work, progress);
        check(archive);
        progress.accept("Unpacking " + file + " of " + name);
        return unpack(archive, work);
    }

    private Path pack(Path work, Consumer<String> progress) throws IOException {
        Path npm = SearchPath.ofEnvironment()
                .find("npm")
                .orElseThrow(() -> new StartFailedException(
                        name + " needs the npm client, and there is no npm on PATH; install Node.js"));
        progress.accept("Fetching " + name + " " + version);
        Path output = work.resolve("npm.log");
        Path packed = Files.createDirectory(work.resolve("packed"));
        // a cache of its own shows the progress, and does not keep a package of this size twice
        Path npmCache = Files.createDirectory(work.resolve("npm-cache"));
        List<String> command = List.of(
                npm.toString(),
                "pack",
                name + "@" + version,
                "--ignore-scripts",
                "--pack-destination=" + packed,
                "--cache=" + npmCache);
        int status = run(
                command,
                work,
                output,
                () -> progress.accept(
                        "Fetching " + name + " " + version + ": " + (bytesUnder(npmCache) >> 20) + " MB so far"));
        try (Stream<Path> files = Files.list(packed)) {
            Optional<Path> archive = files.findFirst();
            if (archive.isEmpty()) {
                throw new StartFailedException(
                        "npm pack of " + name + "@" + version + " failed, status " + status + ": " + tail(output));
            }
            return archive.get();
        }
    }

    /** @throws StartFailedException if the checksum differs */
    void check(Path archive) throws IOException {
        String found = "sha512-" + Base64.getEncoder().encodeToString(sha512(archive));
        if (!found.equals(integrity)) {
            throw new StartFailedException(
                    name + "@" + version + " has checksum " + found + "; " + integrity + " is expected");
        }
    }

    private Path unpack(Path archive, Path work) throws IOException {
        Path output = work.resolve("tar.log");
        List<String> command = List.of("tar", "-xzf", archive.toString(), "-C", work.toString(), "package/" + file);
        int status = run(command, work, output, () -> {});
        if (status != 0) {
            throw new StartFailedException("tar could not unpack " + archive + ": " + tail(output));
        }
        return work.resolve("package").resolve(file);
    }

    private static int run(List<String> command, Path directory, Path output, Runnable onWait) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(DEV_NULL))
                .redirectOutput(output.toFile())
                .start();
        try {
            while (!process.waitFor(PROGRESS_EVERY_SECONDS, TimeUnit.SECONDS)) {
                onWait.run();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            Thread.currentThread().interrupt();
            throw new StartFailedException("interrupted while running " + command.getFirst(), e);
        }
    }

    private static byte[] sha512(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                byte[] buffer = new byte[BUFFER_BYTES];
                while (in.read(buffer) >= 0) {
                    // reading updates the digest
                }
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }

    /** Returns the approximate size: files change while npm runs. */
    private static long bytesUnder(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static String tail(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }
}
