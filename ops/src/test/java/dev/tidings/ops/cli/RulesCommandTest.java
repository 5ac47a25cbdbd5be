package dev.tidings.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong arguments get an error message before Kafka is asked. */
class RulesCommandTest {

    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    static Stream<Arguments> wrong_usage_is_exit_code_two_and_names_the_error() {
        return Stream.of(
                arguments("rules", "COMMAND"),
                arguments("rules add-word x", "add-word"),
                arguments("rules add-words x", "--action"),
                arguments("rules add-words --action shout x", "--action"),
                arguments("rules add-words --action mask", "WORD"),
                arguments("rules add-words --action mask --file f x", "WORD"),
                arguments("rules add-words --action mask --file no/such/file", "there is no file"),
                arguments("rules add-words --action mask good " + "x".repeat(65), "64 characters"),
                arguments("rules add-words --action mask ca*sino", "\"ca*sino\""),
                arguments("rules add-words --action mask ...", "\"...\""),
                arguments("rules remove-words", "WORD"),
                arguments("rules ban", "USER"),
                arguments("rules ban b:b", "\"b:b\""),
                arguments("rules ban bob --for", "--for"),
                arguments("rules ban bob --for soon", "--for"),
                arguments("rules ban bob --for -5m", "--for"),
                arguments("rules ban bob --for 999999999d", "--for"),
                arguments("rules unban", "USER"),
                arguments("rules unban b:b", "\"b:b\""),
                arguments("rules policy", "option"),
                arguments("rules policy --strangers perhaps", "--strangers"),
                arguments("rules policy --recall-window 5", "--recall-window"),
                arguments("rules policy --recall-window 99999999d", "--recall-window"),
                arguments("rules policy --flood 10", "--flood"),
                arguments("rules policy --flood 0/10s", "--flood"),
                arguments("rules policy --flood ten/10s", "--flood"),
                arguments("rules policy --flood 10/0s", "flood.seconds"),
                arguments("rules policy --flood 1000/10s", "flood.messages"),
                arguments("rules policy --repeats 3/999999999d", "--repeats"),
                arguments("rules policy --links mask", "--links"),
                arguments("rules policy --allow-host example.com", "--links"),
                arguments("rules policy --links allow --allow-host example.com", "--links"),
                arguments("rules policy --links refuse --allow-host https://example.com/", "https://example.com/"),
                arguments("rules policy --media refuse", "--allow-type"),
                arguments("rules policy --media refuse --allow-type image", "\"image\""),
                arguments("rules policy --media refuse --max-media-bytes -1", "maxBytes"),
                arguments("rules policy --max-group-members many", "--max-group-members"),
                arguments("rules policy --max-group-members 1", "maxGroupMembers"),
                arguments("rules policy --large-group-threshold 5001", "largeGroupThreshold"),
                arguments("rules list everything", "everything"));
    }

    @ParameterizedTest
    @MethodSource
    void wrong_usage_is_exit_code_two_and_names_the_error(String arguments, String expected) {
        int exitCode = execute(arguments.split(" "));

        assertEquals(2, exitCode, err::toString);
        assertTrue(err.toString().contains(expected), err::toString);
    }

    @Test
    void a_file_that_is_not_utf8_is_wrong_usage() throws Exception {
        Path file = directory.resolve("words");
        Files.write(file, "Müll".getBytes(StandardCharsets.ISO_8859_1));

        assertEquals(2, execute("rules", "remove-words", "--file", file.toString()));
        assertTrue(err.toString().contains("is not UTF-8"), err::toString);
    }

    private int execute(String... arguments) {
        return Tidings.commandLine().setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
