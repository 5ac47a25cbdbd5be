package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launch scripts of a checkout and of a distribution, run with a program in the place of Java that prints its arguments. */
class LaunchScriptsTest {

    private static final long AFTER_ALL_SOURCES =
            Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    @TempDir
    private Path directory = Path.of("");

    private Path checkout = Path.of("");
    private Path distribution = Path.of("");

    @BeforeEach
    void copyScripts() throws IOException {
        checkout = directory.resolve("checkout");
        distribution = directory.resolve("distribution");
        copy("ops/bin/tidings", checkout.resolve("ops/bin/tidings"));
        copy("ops/bin/launch.sh", checkout.resolve("ops/bin/launch.sh"));
        copy("ops/src/dist/bin/tidings", distribution.resolve("bin/tidings"));
        copy("ops/bin/launch.sh", distribution.resolve("bin/launch.sh"));
        for (String source : List.of(
                "pom.xml", "ops/pom.xml", "ops/src/main/source", "ops/docs/operations.md", "ops/target/built")) {
            Path file = checkout.resolve(source);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
            Files.setLastModifiedTime(file, FileTime.fromMillis(source.endsWith("built") ? AFTER_ALL_SOURCES : 0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"up", "backends", "gateway", "processors", "connectors", "replay", "bench", "dlq", "topics"})
    void both_scripts_start_the_same_jvm_with_the_same_arguments(String command) throws Exception {
        Map<String, String> environment = Map.of("TIDINGS_JAVA_OPTS", "-Xmx3g -Dmore=1", "JAVA_HOME", java("25"));

        List<String> inCheckout = run(checkout.resolve("ops/bin/tidings"), environment, command, "two words", "café");
        List<String> inDistribution =
                run(distribution.resolve("bin/tidings"), environment, command, "two words", "café");

        assertEquals(withoutPaths(inCheckout), withoutPaths(inDistribution));
        assertEquals(
                List.of("dev.tidings.ops.cli.Tidings", command, "two words", "café"),
                inDistribution.subList(inDistribution.size() - 4, inDistribution.size()));
        assertTrue(inDistribution.indexOf("-Xmx3g") > indexOfHeap(inDistribution), inDistribution::toString);
        assertTrue(inDistribution.contains(distribution.resolve("lib") + "/*"), inDistribution::toString);
        assertTrue(inDistribution.contains("-Dtidings.home=" + distribution), inDistribution::toString);
    }

    @Test
    void an_old_java_is_refused_with_the_version_that_is_needed() throws Exception {
        Path launch = distribution.resolve("bin/launch.sh");
        Files.writeString(launch, Files.readString(launch).replace("/usr/lib/jvm/", directory + "/none/"));

        List<String> output = run(
                distribution.resolve("bin/tidings"),
                Map.of("JAVA_HOME", java("21"), "PATH", toolsWithoutJava(), "HOME", directory.toString()),
                "up");

        assertEquals(List.of("tidings: Java 25 or newer is needed; set JAVA_HOME to one"), output);
    }

    @Test
    void the_container_image_has_the_flags_that_every_command_needs() throws IOException {
        String image = Files.readString(RepositoryFiles.ROOT.resolve("ops/deploy/docker/Dockerfile"));
        for (String flag : List.of(
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow")) {
            assertTrue(Files.readString(distribution.resolve("bin/launch.sh")).contains(flag), flag);
            assertTrue(image.contains(flag), flag);
        }
    }

    private static int indexOfHeap(List<String> arguments) {
        return arguments.indexOf(arguments.stream()
                .filter(it -> it.startsWith("-Xmx"))
                .findFirst()
                .orElseThrow());
    }

    private static List<String> withoutPaths(List<String> arguments) {
        return arguments.stream()
                .filter(it -> !it.startsWith("-Dtidings.home=") && !it.endsWith("/lib/*"))
                .toList();
    }

    /** Makes a JAVA_HOME whose {@code java} reports this version and prints each of its arguments on a line. */
    private String java(String version) throws IOException {
        Path home = directory.resolve("java-" + version);
        Path program = home.resolve("bin/java");
        Files.createDirectories(program.getParent());
        executable(program, """
                #!/bin/sh
                if [ "$1" = -XshowSettings:properties ]; then
                  echo "    java.specification.version = %s" >&2
                else
                  printf '%%s\\n' "$@"
                fi
                """.formatted(version));
        return home.toString();
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Returns a PATH with the programs that the scripts use, and no other ones. */
    private String toolsWithoutJava() throws IOException {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of("bash", "dirname", "readlink", "sed", "sh")) {
            Path program = Stream.of("/bin", "/usr/bin")
                    .map(place -> Path.of(place, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            executable(tools.resolve(tool), "#!/bin/sh\nexec %s \"$@\"\n".formatted(program));
        }
        return tools.toString();
    }

    private static void copy(String source, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Files.copy(RepositoryFiles.ROOT.resolve(source), target);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<String> run(Path script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TIDINGS_"));
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }
}
