package dev.tidings.ops.erasure;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.embedded.DirectoryLock;
import dev.tidings.ops.embedded.StartFailedException;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Erasure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the segments of a stopped broker without the words of erased subjects. Offsets, keys and times stay. Can be repeated; after a
 * crash, the next run does the rest.
 */
public final class LogErasure {

    private static final Pattern PARTITION = Pattern.compile("(.+)-(\\d+)");
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

    /** A broker writes it into its log directory when it stops in good order. */
    private static final String CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

    /** The number of erasures that the segments of an embedded broker have no words of. */
    private static final String DONE_FILE = "erasures-done";

    /** Part of a file system; only root can read it. */
    private static final String LOST_AND_FOUND = "lost+found";

    /** A directory with the segments of one partition. */
    private record PartitionDirectory(Path path, String topic, int number) {

        List<Path> segments() throws IOException {
            try (Stream<Path> files = Files.list(path)) {
                return files.filter(file ->
                                SEGMENT.matcher(file.getFileName().toString()).matches())
                        .sorted()
                        .toList();
            }
        }
    }

    private final Path logDirectory;

    /** @param logDirectory one of the broker's {@code log.dirs} */
    public LogErasure(Path logDirectory) {
        this.logDirectory = logDirectory;
    }

    /**
     * Applies the erasures in the log of an embedded broker, unless its segments have no words of them any more. Deletes the state of the
     * processors, whose files can have such words, too; it is restored from the changelogs. An interrupted erasure is done again.
     *
     * @param kafkaDirectory locked for this time; need not exist
     * @param stateDirectory stays, empty; can be a mount point or a symbolic link; need not exist
     * @return the number of records changed, by topic; empty: nothing was to do
     * @throws CannotEraseException if a file cannot be read or written
     */
    public static Map<String, Integer> ofEmbedded(Path kafkaDirectory, Path stateDirectory) {
        Path logDirectory = logOf(kafkaDirectory);
        if (!Files.isDirectory(logDirectory)) {
            return Map.of();
        }
        try (DirectoryLock _ = DirectoryLock.hold(kafkaDirectory)) {
            LogErasure erasure = new LogErasure(logDirectory);
            List<Erasure> erasures = erasure.readErasures();
            if (isDone(kafkaDirectory, erasures)) {
                return Map.of();
            }
            Map<String, Integer> changed = erasure.run(erasures);
            deleteContents(stateDirectory);
            Path fresh = kafkaDirectory.resolve(DONE_FILE + ".new");
            Files.writeString(fresh, Integer.toString(erasures.size()));
            Files.move(
                    fresh,
                    kafkaDirectory.resolve(DONE_FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return changed;
        } catch (IOException | UncheckedIOException e) {
            throw new CannotEraseException("the log in " + logDirectory + " cannot be erased: " + e.getMessage());
        }
    }

    /** Keeps the directory: it can be a mount point, or a symbolic link to one. */
    private static void deleteContents(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory.toRealPath())) {
            for (Path entry :
                    entries.filter(path -> !path.endsWith(LOST_AND_FOUND)).toList()) {
                Utils.delete(entry.toFile());
            }
        }
    }

    /** Whether the log of a stopped embedded broker can have words of erasures in it. */
    public static boolean isPending(Path kafkaDirectory) {
        Path logDirectory = logOf(kafkaDirectory);
        try {
            return Files.isDirectory(logDirectory)
                    && !isDone(kafkaDirectory, new LogErasure(logDirectory).readErasures());
        } catch (IOException | UncheckedIOException e) {
            throw new CannotEraseException("the erasures in " + logDirectory + " cannot be read: " + e.getMessage());
        }
    }

    private static Path logOf(Path kafkaDirectory) {
        return kafkaDirectory.resolve("log");
    }

    private static boolean isDone(Path kafkaDirectory, List<Erasure> erasures) throws IOException {
        Path done = kafkaDirectory.resolve(DONE_FILE);
        return erasures.isEmpty()
                || Files.exists(done) && Files.readString(done).equals(Integer.toString(erasures.size()));
    }

    /** Returns the erasures in the partition of {@code tidings.erasures} in this directory. */
    private List<Erasure> readErasures() throws IOException {
        List<Erasure> erasures = new ArrayList<>();
        for (PartitionDirectory partition : partitions()) {
            if (partition.topic().equals(Topics.ERASURES.name())) {
                for (SegmentErasure segment : segments(partition)) {
                    segment.read(record -> erasures.add(parse(record.value())));
                }
            }
        }
        return erasures;
    }

    private static Erasure parse(byte @Nullable [] value) {
        try {
            return Erasure.parseFrom(value == null ? new byte[0] : value);
        } catch (InvalidProtocolBufferException e) {
            throw new CannotEraseException(
                    Topics.ERASURES.name() + " has a record that is not an erasure: " + e.getMessage());
        }
    }

    /**
     * Rewrites all segments that have words of erased subjects.
     *
     * @return the number of records changed, by topic
     * @throws CannotEraseException if a broker uses the directory, a segment is damaged, or the directory has commands of a partition
     *     without its events, which say which commands were accepted
     */
    public Map<String, Integer> run(List<Erasure> erasures) throws IOException {
        try (DirectoryLock _ = lock()) {
            return rewrite(erasures);
        }
    }

    private DirectoryLock lock() {
        try {
            return DirectoryLock.holdAsBroker(logDirectory);
        } catch (StartFailedException e) {
            throw new CannotEraseException(
                    "the broker of " + logDirectory + " runs: it would lose records; stop it first");
        }
    }

    private Map<String, Integer> rewrite(List<Erasure> erasures) throws IOException {
        RecordRedaction redaction = new RecordRedaction(new ErasedSubjects(erasures));
        List<PartitionDirectory> partitions = partitions();
        requireEventsOfCommands(partitions);
        for (PartitionDirectory partition : partitions) {
            if (partition.topic().equals(Topics.CONVERSATION_EVENTS.name())) {
                for (SegmentErasure segment : segments(partition)) {
                    segment.read(redaction::collectCommand);
                }
            }
        }
        Map<String, Integer> changedByTopic = new TreeMap<>();
        for (PartitionDirectory partition : partitions) {
            if (RecordRedaction.covers(partition.topic())) {
                for (SegmentErasure segment : segments(partition)) {
                    int changed = segment.erase(redaction);
                    if (changed > 0) {
                        changedByTopic.merge(partition.topic(), changed, Integer::sum);
                    }
                }
            }
        }
        return changedByTopic;
    }

    private List<SegmentErasure> segments(PartitionDirectory partition) throws IOException {
        boolean wasKilled = !Files.exists(logDirectory.resolve(CLEAN_SHUTDOWN_FILE));
        List<Path> segments = partition.segments();
        return segments.stream()
                .map(segment ->
                        new SegmentErasure(partition.topic(), segment, wasKilled && segment.equals(segments.getLast())))
                .toList();
    }

    private static void requireEventsOfCommands(List<PartitionDirectory> partitions) {
        for (PartitionDirectory commands : partitions) {
            boolean hasEvents = partitions.stream()
                    .anyMatch(events -> events.topic().equals(Topics.CONVERSATION_EVENTS.name())
                            && events.number() == commands.number());
            if (commands.topic().equals(Topics.COMMANDS.name()) && !hasEvents) {
                throw new CannotEraseException("the directory has partition " + commands.number() + " of "
                        + Topics.COMMANDS.name() + " and not the one of " + Topics.CONVERSATION_EVENTS.name()
                        + ", which says which commands were accepted: assign both to the same brokers");
            }
        }
    }

    private List<PartitionDirectory> partitions() throws IOException {
        List<PartitionDirectory> partitions = new ArrayList<>();
        try (Stream<Path> directories = Files.list(logDirectory)) {
            for (Path directory :
                    directories.filter(Files::isDirectory).sorted().toList()) {
                Matcher name = PARTITION.matcher(directory.getFileName().toString());
                if (name.matches()) {
                    partitions.add(new PartitionDirectory(directory, name.group(1), Integer.parseInt(name.group(2))));
                }
            }
        }
        return partitions;
    }
}
