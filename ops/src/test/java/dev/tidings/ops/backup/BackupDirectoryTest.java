package dev.tidings.ops.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupDirectoryTest {

    private static final Instant MONDAY = Instant.parse("2026-11-23T10:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // by createData()
    private Path data;

    @SuppressWarnings("NullAway.Init") // by createData()
    private Path restored;

    @SuppressWarnings("NullAway.Init") // by createData()
    private BackupDirectory backups;

    @BeforeEach
    void createData() throws IOException {
        data = directory.resolve("data");
        restored = directory.resolve("restored");
        backups = new BackupDirectory(directory.resolve("backups"));
        write("kafka/tidings.commands-0/00.log", "commands");
        write("kafka/tidings.commands-0/00.index", "");
        write("token-secret", "secret");
        Files.setPosixFilePermissions(data.resolve("token-secret"), PosixFilePermissions.fromString("rw-------"));
        Files.createDirectories(data.resolve("clickhouse/data/store/abc/detached"));
        Files.createDirectories(data.resolve("clickhouse/data/metadata"));
        Files.createSymbolicLink(
                data.resolve("clickhouse/data/metadata/tidings"), data.resolve("clickhouse/data/store/abc"));
    }

    @Test
    void a_restored_directory_has_the_files_times_permissions_links_and_empty_directories() throws Exception {
        backUp(MONDAY);

        BackupDirectory.Result result = backups.restore(null, restored, line -> {});

        assertEquals(3, result.files());
        assertEquals("commands", Files.readString(restored.resolve("kafka/tidings.commands-0/00.log")));
        assertEquals(
                Files.getLastModifiedTime(data.resolve("token-secret")),
                Files.getLastModifiedTime(restored.resolve("token-secret")));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(restored.resolve("token-secret"))));
        assertTrue(Files.isDirectory(restored.resolve("clickhouse/data/store/abc/detached")));
        assertEquals(
                restored.resolve("clickhouse/data/store/abc"),
                Files.readSymbolicLink(restored.resolve("clickhouse/data/metadata/tidings")));
    }

    @Test
    void the_state_of_topologies_and_logs_are_left_out() throws Exception {
        write("state/tidings-inbox/0_0/rocksdb", "state");
        write("tidings.log", "log");
        write("kafka/state", "of Kafka");
        backUp(MONDAY);

        backups.restore(null, restored, line -> {});

        assertFalse(Files.exists(restored.resolve("state")));
        assertFalse(Files.exists(restored.resolve("tidings.log")));
        assertTrue(Files.exists(restored.resolve("kafka/state")));
    }

    @Test
    void a_further_backup_copies_only_changed_files() throws Exception {
        backUp(MONDAY);
        write("kafka/tidings.commands-0/01.log", "more");

        BackupDirectory.Result second = backUp(TUESDAY);

        assertEquals(4, second.copiedBytes());
        assertEquals(18, second.bytes());
        assertEquals(
                Files.getAttribute(directory.resolve("backups/20261123T100000Z/token-secret"), "unix:ino"),
                Files.getAttribute(directory.resolve("backups/20261124T100000Z/token-secret"), "unix:ino"));
        backups.restore("20261123T100000Z", restored, line -> {});
        assertFalse(Files.exists(restored.resolve("kafka/tidings.commands-0/01.log")));
    }

    @Test
    void a_changed_file_leaves_earlier_backups_as_they_were() throws Exception {
        backUp(MONDAY);
        write("token-secret", "changed later");
        backUp(TUESDAY);

        backups.restore("20261123T100000Z", restored, line -> {});

        assertEquals("secret", Files.readString(restored.resolve("token-secret")));
    }

    @Test
    void a_link_to_files_outside_of_the_directory_is_refused() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("other-disk/redis"));
        Files.createSymbolicLink(data.resolve("redis"), elsewhere);

        BackupException refused = assertThrows(BackupException.class, () -> backUp(MONDAY));

        assertTrue(String.valueOf(refused.getMessage()).contains("is a link to " + elsewhere), refused::getMessage);
    }

    @Test
    void a_data_directory_that_is_a_link_is_backed_up_with_its_files() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), data);

        assertEquals(3, backups.backUp(link, MONDAY, line -> {}).files());
    }

    @Test
    void a_private_directory_stays_private() throws Exception {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));

        BackupDirectory.Result backup = backUp(MONDAY);
        backups.restore(null, restored, line -> {});

        for (Path copy : List.of(backup.directory(), restored)) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        }
    }

    @Test
    void a_damaged_file_is_named_and_nothing_is_restored() throws Exception {
        backUp(MONDAY);
        Files.writeString(directory.resolve("backups/20261123T100000Z/token-secret"), "sEcret");

        BackupException failure =
                assertThrows(BackupException.class, () -> backups.restore(null, restored, line -> {}));

        assertTrue(String.valueOf(failure.getMessage()).contains("token-secret is damaged"), failure::getMessage);
        assertFalse(Files.exists(restored));
        assertFalse(Files.exists(directory.resolve("restored.unfinished")));
    }

    @Test
    void a_missing_file_is_named() throws Exception {
        backUp(MONDAY);
        Files.delete(directory.resolve("backups/20261123T100000Z/token-secret"));

        assertFails("token-secret is missing");
    }

    @Test
    void an_interrupted_backup_is_not_restored() throws Exception {
        backUp(MONDAY);
        Files.createDirectories(directory.resolve("backups/20261124T100000Z.unfinished"));

        assertTrue(Files.exists(backups.restore(null, restored, line -> {}).directory()));
    }

    @Test
    void a_backup_of_another_version_is_refused() throws Exception {
        backUp(MONDAY);
        Files.writeString(directory.resolve("backups/20261123T100000Z/manifest"), "tidings-backup 2\n");

        assertFails("this version reads 'tidings-backup 1'");
    }

    @Test
    void a_path_that_leads_out_of_the_directory_is_refused() throws Exception {
        backUp(MONDAY);
        Files.writeString(
                directory.resolve("backups/20261123T100000Z/manifest"), "tidings-backup 1\ndirectory\t../../x\n");

        assertFails("outside of the backup: ../../x");
    }

    @Test
    void a_directory_with_content_is_not_overwritten() throws Exception {
        backUp(MONDAY);
        Files.createDirectories(restored.resolve("kafka"));

        assertFails("is not empty");
    }

    @Test
    void a_directory_without_a_log_is_no_data_directory() throws Exception {
        Path other = Files.createDirectories(directory.resolve("other"));

        assertThrows(BackupException.class, () -> backups.backUp(other, MONDAY, line -> {}));
    }

    @Test
    void without_a_backup_there_is_nothing_to_restore() {
        assertFails("has no backup");
    }

    private BackupDirectory.Result backUp(Instant now) throws IOException {
        return backups.backUp(data, now, line -> {});
    }

    private void assertFails(String why) {
        BackupException failure =
                assertThrows(BackupException.class, () -> backups.restore(null, restored, line -> {}));
        assertTrue(String.valueOf(failure.getMessage()).contains(why), failure::getMessage);
    }

    private void write(String path, String content) throws IOException {
        Path file = data.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
