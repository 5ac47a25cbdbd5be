package dev.tidings.ops.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.UserChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFileTest {

    @TempDir
    private Path directory = Path.of("");

    private final List<List<UserChange>> batches = new ArrayList<>();
    private final List<String> wrongLines = new ArrayList<>();

    @Test
    void a_profile_is_put_and_a_disabled_one_is_disabled_afterwards() throws Exception {
        read("""
                {"userId": "yu", "displayName": "小雨", "timeZone": "Asia/Shanghai", "version": "7", "createdAt": "2026-01-01T00:00:00Z"}

                {"userId": "bob", "disabled": true}
                """);
        List<UserChange> changes = batches.getFirst();
        assertEquals(1, batches.size());
        assertEquals(
                List.of("yu", "bob", "bob"),
                changes.stream().map(UserChange::getUserId).toList());
        assertEquals("小雨", changes.getFirst().getPut().getDisplayName());
        assertEquals("Asia/Shanghai", changes.getFirst().getPut().getTimeZone());
        assertTrue(changes.get(1).hasPut());
        assertTrue(changes.get(2).hasDisable());
    }

    @Test
    void a_batch_has_at_most_100_changes_and_256_kB() throws Exception {
        read(users(201, ""));
        assertEquals(List.of(100, 100, 1), batches.stream().map(List::size).toList());
        batches.clear();

        read(users(100, "A".repeat(4_096 / 3 * 4)));
        assertEquals(100, batches.stream().mapToInt(List::size).sum());
        for (List<UserChange> batch : batches) {
            assertTrue(batch.stream().mapToInt(UserChange::getSerializedSize).sum() <= UserFile.MAX_BYTES);
        }
        assertEquals(2, batches.size());
    }

    @Test
    void a_line_that_is_no_user_is_named_and_the_others_are_put() throws Exception {
        read("""
                {"userId":"a"}
                {"name":"x"}
                {"userId":"no id"}
                {"userId":"b","timeZone":"?"}
                {"userId":5}
                {"userId":"c"}
                """);

        assertEquals(
                List.of("a", "c"),
                batches.getFirst().stream().map(UserChange::getUserId).toList());
        assertEquals(4, wrongLines.size());
        assertTrue(wrongLines.get(0).contains("users:2 is not a user in JSON: "), wrongLines::toString);
        assertTrue(wrongLines.get(1).contains("users:3 is not a valid user: "), wrongLines::toString);
        assertTrue(wrongLines.get(2).contains("timeZone is \"?\""), wrongLines::toString);
        assertTrue(wrongLines.get(3).contains("userId is a number; a string is allowed"), wrongLines::toString);
    }

    @Test
    void a_missing_file_is_named() {
        assertEquals(
                "there is no file " + directory.resolve("none"),
                assertThrows(
                                IOException.class,
                                () -> UserFile.read(directory.resolve("none"), batches::add, wrongLines::add))
                        .getMessage());
    }

    @Test
    void bytes_that_are_not_utf8_are_rejected() throws Exception {
        Path file = Files.write(
                directory.resolve("latin"), "{\"displayName\":\"M\u00fcller\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                file + " is not UTF-8",
                assertThrows(IOException.class, () -> UserFile.read(file, batches::add, wrongLines::add))
                        .getMessage());
    }

    private static String users(int count, String custom) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"userId\":\"u" + i + "\",\"custom\":\"" + custom + "\"}")
                .collect(Collectors.joining("\n"));
    }

    private void read(String text) throws IOException {
        UserFile.read(Files.writeString(directory.resolve("users"), text), batches::add, wrongLines::add);
    }
}
