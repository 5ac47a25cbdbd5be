package dev.tidings.gateway.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ServerFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs the checks of the chat page with Node.js: its own tests ({@code src/test/web}), ESLint and the TypeScript compiler. By
 * hand: {@code npm test}, {@code npm run lint} and {@code npm run types} in the directory of this module.
 *
 * <p>Installs the packages of {@code package-lock.json} first if they are missing or others: online once, then from npm's cache.
 */
class ChatPageTest {

    private static final Path LOCK = Path.of("package-lock.json");

    /** A copy of the lock file with which the packages were installed. */
    private static final Path INSTALLED_LOCK = Path.of("node_modules", ".installed-lock.json");

    /** The field names of the protocol, for contract.test.js: one a line. */
    private static final Path FIELDS = Path.of("target", "web", "protocol-fields.txt");

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        if (!Files.exists(INSTALLED_LOCK) || Files.mismatch(LOCK, INSTALLED_LOCK) != -1) {
            run("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
            Files.copy(LOCK, INSTALLED_LOCK);
        }
    }

    @Test
    void the_tests_of_the_page_pass() throws IOException, InterruptedException {
        Files.createDirectories(FIELDS.getParent());
        Files.writeString(FIELDS, String.join("\n", fieldNames()));
        run("npm", "test");
    }

    @Test
    void the_page_passes_the_linter() throws IOException, InterruptedException {
        run("npm", "run", "lint");
    }

    @Test
    void the_page_passes_the_type_checker() throws IOException, InterruptedException {
        run("npm", "run", "types");
    }

    /** The JSON names of all fields of frames and events, and of the messages in them. */
    private static Set<String> fieldNames() {
        Set<String> names = new TreeSet<>();
        Set<Descriptor> seen = new HashSet<>();
        Deque<Descriptor> open = new ArrayDeque<>(
                List.of(ClientFrame.getDescriptor(), ServerFrame.getDescriptor(), ConversationEvent.getDescriptor()));
        while (!open.isEmpty()) {
            Descriptor message = open.pop();
            if (seen.add(message)) {
                for (FieldDescriptor field : message.getFields()) {
                    names.add(field.getJsonName());
                    if (field.getJavaType() == JavaType.MESSAGE) {
                        open.push(field.getMessageType());
                    }
                }
            }
        }
        return names;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        assertEquals(0, exitCode, () -> String.join(" ", List.of(command)) + " failed:\n" + output);
    }
}
