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
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the segments of a stopped broker without the words of erased subjects. Offsets, keys and times stay. Can be repeated; after a
 * crash, the next run does the rest.
 */
public final class LogErasure {

    private static final Pattern PARTITION = Pattern.compile("(.+)-(\\d+)");
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

    /** The number of erasures that the segments of an embedded broker have no words of. */
    private static final String DONE_FILE = "erasures-done";

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
     * Applies the erasures in the log of an embedded broker, unless its segments have no words of them any more.
     *
     * @param kafkaDirectory locked for this time; need not exist
     * @return the number of records changed, by topic; empty: nothing was to do
     * @throws CannotEraseException if a file cannot be read or written
     */
    public static Map<String, Integer> ofEmbedded(Path kafkaDirectory) {
        Path logDirectory = kafkaDirectory.resolve("log");
        if (!Files.isDirectory(logDirectory)) {
            return Map.of();
        }
        try (DirectoryLock _ = DirectoryLock.hold(kafkaDirectory)) {
            LogErasure erasure = new LogErasure(logDirectory);
            List<Erasure> erasures = erasure.readErasures();
            Path doneFile = kafkaDirectory.resolve(DONE_FILE);
            String count = Integer.toString(erasures.size());
            if (erasures.isEmpty()
                    || Files.exists(doneFile) && Files.readString(doneFile).equals(count)) {
                return Map.of();
            }
            Map<String, Integer> changed = erasure.run(erasures);
            Path fresh = kafkaDirectory.resolve(DONE_FILE + ".new");
            Files.writeString(fresh, count);
            Files.move(fresh, doneFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return changed;
        } catch (IOException | UncheckedIOException e) {
            throw new CannotEraseException("the log in " + logDirectory + " cannot be erased: " + e.getMessage());
        }
    }

    /** Returns the erasures in the partition of {@code tidings.erasures} in this directory. */
    private List<Erasure> readErasures() throws IOException {
        List<Erasure> erasures = new ArrayList<>();
        for (PartitionDirectory partition : partitions()) {
            if (partition.topic().equals(Topics.ERASURES.name())) {
                for (Path segment : partition.segments()) {
                    new SegmentErasure(partition.topic(), segment).read(record -> erasures.add(parse(record.value())));
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
     * @throws CannotEraseException if a broker uses the directory, or it has commands of a partition without its events, which say which
     *     commands were accepted
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
                for (Path segment : partition.segments()) {
                    new SegmentErasure(partition.topic(), segment).read(redaction::collectCommand);
                }
            }
        }
        Map<String, Integer> changedByTopic = new TreeMap<>();
        for (PartitionDirectory partition : partitions) {
            if (RecordRedaction.covers(partition.topic())) {
                for (Path segment : partition.segments()) {
                    int changed = new SegmentErasure(partition.topic(), segment).erase(redaction);
                    if (changed > 0) {
                        changedByTopic.merge(partition.topic(), changed, Integer::sum);
                    }
                }
            }
        }
        return changedByTopic;
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
