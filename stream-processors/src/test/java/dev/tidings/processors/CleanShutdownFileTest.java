package dev.tidings.processors;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanShutdownFileTest {

    private static final Map<String, String> IDS = Map.of("tidings-inbox-views-changelog", "id-1");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // by createStore()
    private Path store;

    @BeforeEach
    void createStore() throws IOException {
        store = Files.createDirectories(directory.resolve("0_3/rocksdb/views"));
        Files.writeString(store.resolve("000004.log"), "contents");
        Files.writeString(directory.resolve("kafka-streams-process-metadata"), "{}");
    }

    @Test
    void stores_of_a_killed_process_are_deleted() {
        CleanShutdownFile.consume(directory, () -> IDS);

        assertFalse(Files.exists(directory.resolve("0_3")));
    }

    @Test
    void the_process_id_of_a_killed_process_is_kept_because_it_ends_its_transactions() {
        CleanShutdownFile.consume(directory, () -> IDS);

        assertTrue(Files.exists(directory.resolve("kafka-streams-process-metadata")));
    }

    @Test
    void stores_of_a_process_that_has_stopped_are_kept() {
        CleanShutdownFile.write(directory, IDS);

        CleanShutdownFile.consume(directory, () -> IDS);

        assertTrue(Files.exists(store.resolve("000004.log")));
    }

    @Test
    void stores_are_kept_when_a_new_version_has_a_further_changelog() {
        CleanShutdownFile.write(directory, IDS);

        CleanShutdownFile.consume(
                directory,
                () -> Map.of("tidings-inbox-views-changelog", "id-1", "tidings-inbox-new-changelog", "id-2"));

        assertTrue(Files.exists(store.resolve("000004.log")));
    }

    @Test
    void stores_of_a_changelog_that_was_created_anew_are_deleted() {
        CleanShutdownFile.write(directory, IDS);

        CleanShutdownFile.consume(directory, () -> Map.of("tidings-inbox-views-changelog", "id-9"));

        assertFalse(Files.exists(directory.resolve("0_3")));
    }

    @Test
    void stores_beside_a_file_without_ids_are_deleted() {
        CleanShutdownFile.write(directory, Map.of());

        CleanShutdownFile.consume(directory, () -> IDS);

        assertFalse(Files.exists(directory.resolve("0_3")));
    }

    @Test
    void a_clean_stop_counts_for_one_start() {
        CleanShutdownFile.write(directory, IDS);
        CleanShutdownFile.consume(directory, () -> IDS);

        CleanShutdownFile.consume(directory, () -> IDS);

        assertFalse(Files.exists(directory.resolve("0_3")));
    }

    @Test
    void stores_in_use_are_kept() throws IOException {
        try (FileChannel channel = FileChannel.open(
                        directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            CleanShutdownFile.consume(directory, () -> IDS);

            assertTrue(lock.isValid() && Files.exists(store));
        }
    }

    @Test
    void a_first_start_has_nothing_to_delete() {
        Path missing = directory.resolve("missing");

        CleanShutdownFile.consume(missing, () -> IDS);
        CleanShutdownFile.write(missing, IDS);

        assertFalse(Files.exists(missing));
    }
}
