package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The served OpenAPI document under tools that others use: the lint of Redocly, and requests that Schemathesis makes from it to the running
 * server. The requests take two minutes, and are made with {@code -Psoak}.
 */
class OpenApiToolsIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private static final String DIRECTORY = "openapi";

    @BeforeAll
    static void install() throws Exception {
        ExampleProgram.installFromNpm(DIRECTORY, "@redocly/cli@2.77.0");
        Files.writeString(
                ExampleProgram.installed(DIRECTORY, "openapi.json"),
                tidings.get("/v1/openapi.json").body());
    }

    @Test
    void the_lint_of_redocly_has_no_objection() throws Exception {
        Path cli = ExampleProgram.installed(DIRECTORY, "node_modules", "@redocly", "cli", "bin", "cli.js");

        String output = run(
                Map.of("REDOCLY_TELEMETRY", "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"),
                List.of("node", cli.toString(), "lint", "openapi.json", "--extends=recommended", "--format=json"));

        JsonObject totals = JsonParser.parseString(output.substring(output.indexOf('{'), output.lastIndexOf('}') + 1))
                .getAsJsonObject()
                .getAsJsonObject("totals");
        assertEquals(0, totals.get("errors").getAsInt(), output);
        assertEquals(0, totals.get("warnings").getAsInt(), output);
    }

    /** The token grants the scope user alone: requests to the routes of operators must get 403, and ban no user. */
    @Test
    @EnabledIfSystemProperty(named = "tidings.openapi.tools", matches = "true")
    void requests_of_schemathesis_get_no_server_error_and_no_response_that_is_not_documented() throws Exception {
        ExampleProgram.installFromPip(DIRECTORY, "schemathesis", "4.32.5");
        String user = "schema-" + UUID.randomUUID().toString().substring(0, 8);
        String token = ChatClient.devToken(tidings.url(), user);

        run(
                Map.of(
                        "PYTHONPATH",
                        ExampleProgram.installed(DIRECTORY, "python").toString()),
                List.of(
                        "python3",
                        "-m",
                        "schemathesis.cli",
                        "run",
                        "openapi.json",
                        "--url",
                        tidings.url().toString(),
                        "--header",
                        "Authorization: Bearer " + token,
                        "--checks",
                        "not_a_server_error,status_code_conformance,content_type_conformance,"
                                + "response_schema_conformance",
                        "--phases",
                        "coverage,fuzzing",
                        "--max-examples",
                        "10",
                        "--workers",
                        "1", // with more, the generators of version 4.32.5 fail in each other's caches
                        "--seed",
                        "1"));
    }

    /** Runs a program in the directory of the tools, and returns its output once it has ended without an error. */
    private static String run(Map<String, String> environment, List<String> command) throws Exception {
        Path directory = ExampleProgram.installed(DIRECTORY);
        Path log = directory.resolve(command.getFirst() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(280, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(log);
        assertTrue(ended, () -> "has not ended: " + output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
