package dev.tidings.ops.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordFileTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Test
    void reads_one_word_from_each_line_with_any_line_ending() throws Exception {
        assertEquals(
                List.of("casino", "two words", "赌场", "*spam*"),
                WordFile.read(file("casino\r\n  two words \n\n赌场\n\t\n*spam*")));
    }

    @Test
    void ignores_a_byte_order_mark() throws Exception {
        assertEquals(List.of("casino"), WordFile.read(file("\uFEFFcasino\n")));
    }

    @Test
    void a_file_without_words_is_an_error() throws Exception {
        assertFails(file(" \n\n"), "has no word");
    }

    @Test
    void a_file_in_another_encoding_is_an_error() throws Exception {
        Path file = directory.resolve("words");
        Files.write(file, "Müll".getBytes(StandardCharsets.ISO_8859_1));

        assertFails(file, "is not UTF-8");
    }

    @Test
    void a_missing_file_or_a_directory_is_an_error() {
        assertFails(directory.resolve("nowhere"), "there is no file");
        assertFails(directory, "cannot be read");
    }

    private static void assertFails(Path file, String expected) {
        String message =
                assertThrows(IOException.class, () -> WordFile.read(file)).getMessage();
        assertTrue(message != null && message.contains(expected), message);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("words"), text);
    }
}
