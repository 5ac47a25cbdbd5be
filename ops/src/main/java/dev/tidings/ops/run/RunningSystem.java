package dev.tidings.ops.run;

import dev.tidings.schemas.settings.Settings;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Publishes a running all-in-one to other commands: one properties file for each process, named by its process id, with the
 * addresses and secrets of its roles. Only its owner can read it.
 */
public final class RunningSystem implements AutoCloseable {

    private static final String SUFFIX = ".properties";
    private static final String KAFKA_CLIENT = "kafka.client.";
    private static final List<String> PUBLISHED = List.of(
            "kafka.bootstrap-servers",
            "redis.url",
            "clickhouse.url",
            "clickhouse.user",
            "clickhouse.password",
            "clickhouse.analyst-user",
            "clickhouse.analyst-password",
            "archive.s3-url",
            "archive.s3-access-key",
            "archive.s3-secret-key",
            "archive.after-months",
            "topics.conversation-partitions",
            "topics.user-partitions",
            "topics.gateway-slots",
            "topics.replication-factor",
            "gateway.url",
            "gateway.jwt.secret",
            "gateway.jwt.jwks-url");

    private final Path file;

    private RunningSystem(Path file) {
        this.file = file;
    }

    /** Publishes the settings of the system in this process, until closed. */
    public static RunningSystem publish(Path directory, Settings settings) {
        Properties properties = new Properties();
        for (String key : PUBLISHED) {
            String value = settings.find(key);
            if (value != null) {
                properties.setProperty(key, value);
            }
        }
        settings.under(KAFKA_CLIENT).forEach((rest, value) -> properties.setProperty(KAFKA_CLIENT + rest, value));
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve(ProcessHandle.current().pid() + SUFFIX);
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (Writer writer = Files.newBufferedWriter(file)) {
                properties.store(writer, "a running Tidings; removed when it stops");
            }
            return new RunningSystem(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot publish the running system in " + directory, e);
        }
    }

    /** Returns the settings of the running system that was started last; empty if none runs. */
    public static Map<String, String> find(Path directory) {
        return newest(directory).map(RunningSystem::read).orElse(Map.of());
    }

    /** Returns the process id of the running system that was started last; empty if none runs. */
    public static OptionalLong findPid(Path directory) {
        return newest(directory).stream().mapToLong(RunningSystem::pidOf).findFirst();
    }

    private static Optional<Path> newest(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(RunningSystem::isAlive).max(Comparator.comparing(RunningSystem::modified));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot search a running system in " + directory, e);
        }
    }

    private static boolean isAlive(Path file) {
        return file.getFileName().toString().matches("[0-9]{1,18}" + Pattern.quote(SUFFIX))
                && ProcessHandle.of(pidOf(file))
                        .flatMap(process -> process.info().startInstant())
                        .filter(started -> !started.isAfter(modified(file).toInstant()))
                        .isPresent();
    }

    private static long pidOf(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name, 0, name.length() - SUFFIX.length(), 10);
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
