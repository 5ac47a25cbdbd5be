package dev.tidings.gateway.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        if (!Files.exists(INSTALLED_LOCK) || Files.mismatch(LOCK, INSTALLED_LOCK) != -1) {
            run("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
            Files.copy(LOCK, INSTALLED_LOCK);
        }
    }

    @Test
    void the_tests_of_the_page_pass() throws IOException, InterruptedException {
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

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        assertEquals(0, exitCode, () -> String.join(" ", List.of(command)) + " failed:\n" + output);
    }
}
