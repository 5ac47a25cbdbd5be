package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the pages about the client protocol to the schema and to the constants: everything is in a table once, and nothing else. */
class ProtocolDocumentsTest {

    private static final Path ROOT = RepositoryFiles.ROOT;
    private static final Path PAGES = ROOT.resolve("ops/docs/protocol");
    private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,]*");
    private static final Pattern CODE = Pattern.compile("`([A-Za-z_]+(?:\\.[A-Z_]+)?)`");

    @Test
    void every_client_frame_has_a_row() {
        assertSame(bodies(ClientFrame.getDescriptor()), names("frames.md", "Client frames"));
    }

    @Test
    void every_server_frame_has_a_row() {
        assertSame(bodies(ServerFrame.getDescriptor()), names("frames.md", "Server frames"));
    }

    @Test
    void every_error_code_has_a_row() {
        assertSame(values(Error.Code.getDescriptor()), names("codes.md", "Errors"));
    }

    @Test
    void every_disconnect_code_has_a_row() {
        assertSame(values(Disconnect.Code.getDescriptor()), names("codes.md", "Disconnects"));
    }

    @Test
    void every_refusal_reason_has_a_row() {
        assertSame(values(Refusal.Reason.getDescriptor()), names("codes.md", "Refusals"));
    }

    @Test
    void every_close_code_of_a_gateway_is_in_the_table_of_disconnects() {
        assertSame(
                Arrays.stream(CloseReason.values())
                        .map(reason -> Integer.toString(reason.code()))
                        .toList(),
                rows("codes.md", "Disconnects").stream().map(row -> row[1]).toList());
    }

    @Test
    void every_frame_that_the_table_names_as_a_reply_exists() {
        List<String> frames = bodies(ServerFrame.getDescriptor());
        Pattern reply = Pattern.compile("(?<!with )`([a-z][A-Za-z]*)`");
        for (String[] row : rows("frames.md", "Client frames")) {
            Matcher matcher = reply.matcher(row[2]);
            while (matcher.find()) {
                String name = matcher.group(1);
                assertTrue(frames.contains(name) || name.equals("describe"), row[0] + " is answered by " + name);
            }
        }
    }

    @Test
    void every_limit_equals_its_constant() throws ReflectiveOperationException {
        Map<String, Long> documented = new TreeMap<>();
        Map<String, Long> actual = new TreeMap<>();
        for (String section : List.of("Connection", "Ids", "Requests", "Business systems")) {
            for (String[] row : rows("limits.md", section)) {
                String constant = code(row[2]);
                Matcher number = NUMBER.matcher(row[1]);
                assertTrue(number.find(), () -> "no number in the row of " + constant);
                documented.put(constant, Long.parseLong(number.group().replace(",", "")));
                actual.put(constant, constant(constant));
            }
        }
        assertFalse(documented.isEmpty());
        assertEquals(actual, documented);
    }

    @Test
    void there_are_twelve_rules() {
        String text = RepositoryFiles.read(ROOT.resolve("ops/docs/protocol.md"));
        String rules = text.substring(text.indexOf("## How to be a correct client"));
        assertEquals(
                12, Pattern.compile("(?m)^[0-9]+\\. ").matcher(rules).results().count());
    }

    /** @param name the simple name of a class, a point, and a constant; a time is in seconds */
    private static long constant(String name) throws ReflectiveOperationException {
        String[] parts = name.split("\\.");
        List<Path> sources = RepositoryFiles.below(ROOT, '/' + parts[0] + ".java").stream()
                .filter(file -> file.toString().contains("/src/main/java/"))
                .toList();
        assertEquals(1, sources.size(), name);
        String path = sources.getFirst().toString();
        String className = path.substring(path.indexOf("/src/main/java/") + "/src/main/java/".length())
                .replace(".java", "")
                .replace('/', '.');
        Field field = Class.forName(className, false, ProtocolDocumentsTest.class.getClassLoader())
                .getDeclaredField(parts[1]);
        field.setAccessible(true);
        return field.get(null) instanceof Duration time ? time.toSeconds() : ((Number) field.get(null)).longValue();
    }

    private static List<String> bodies(Descriptor frame) {
        return frame.getOneofs().getFirst().getFields().stream()
                .map(FieldDescriptor::getJsonName)
                .toList();
    }

    private static List<String> values(EnumDescriptor codes) {
        return codes.getValues().stream()
                .filter(value -> value.getNumber() != 0)
                .map(value -> value.getName())
                .toList();
    }

    private static List<String> names(String page, String section) {
        List<String> names =
                rows(page, section).stream().map(row -> code(row[0])).toList();
        assertEquals(names.stream().distinct().toList(), names, "each row once");
        return names;
    }

    private static String code(String cell) {
        Matcher matcher = CODE.matcher(cell);
        assertTrue(matcher.matches(), () -> "not a name in backticks: " + cell);
        return matcher.group(1);
    }

    /** The cells of the first table below a heading, without the two rows of its head. */
    private static List<String[]> rows(String page, String section) {
        String text = RepositoryFiles.read(PAGES.resolve(page));
        int heading = text.indexOf("\n## " + section + '\n');
        assertTrue(heading >= 0, () -> page + " has no section " + section);
        int end = text.indexOf("\n## ", heading + 1);
        List<String[]> rows = new ArrayList<>();
        for (String line :
                text.substring(heading, end < 0 ? text.length() : end).split("\n")) {
            if (line.startsWith("|")) {
                rows.add(Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toArray(String[]::new));
            }
        }
        return rows.subList(2, rows.size());
    }

    private static void assertSame(List<String> expected, List<String> actual) {
        assertEquals(
                String.join("\n", expected.stream().distinct().sorted().toList()),
                String.join("\n", actual.stream().distinct().sorted().toList()));
    }
}
