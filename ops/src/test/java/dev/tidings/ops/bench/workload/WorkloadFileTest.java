package dev.tidings.ops.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadFileTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aStepHasTheCommonOptionsAndItsOwn() throws Exception {
        Workload workload = read("""
                name: sizes
                axis: members
                repeat: 3
                options: {rate: 100, users: 10}
                steps:
                  - {x: 10, options: {group-members: 10}}
                  - {x: 100, label: a hundred, options: {group-members: 100, rate: 50}}
                """);

        assertEquals("members", workload.axis());
        assertEquals(3, workload.repeat());
        assertEquals(
                List.of(
                        new Workload.Step("10", 10.0, Map.of("rate", "100", "users", "10", "group-members", "10")),
                        new Workload.Step(
                                "a hundred", 100.0, Map.of("rate", "50", "users", "10", "group-members", "100"))),
                workload.steps());
    }

    @Test
    void withoutAnAxisStepsHaveLabels() throws Exception {
        Workload workload = read("name: one\nsteps: [{label: only}]");

        assertNull(workload.axis());
        assertEquals(List.of(new Workload.Step("only", null, Map.of())), workload.steps());
        assertEquals("bench", workload.command());
        assertEquals(1, workload.repeat());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a                                                   | steps must be a list",
                "{name: a, steps: []}                                      | steps has 0 entries; 1 to 100 are allowed",
                "steps: [{label: b}]                                       | name must be a text or a number",
                "{name: a, speed: 3, steps: [{label: b}]}                  | the file has the unknown key \"speed\"",
                "{name: a, steps: [{label: b, rate: 3}]}                   | steps[0] has the unknown key \"rate\"",
                "{name: a, steps: [{label: b, x: 3}]}                      | steps[0] has an x, but there is no axis",
                "{name: a, axis: n, steps: [{label: b}]}                   | steps[0] has no x; the axis needs one",
                "{name: a, axis: n, steps: [{x: many}]}                    | steps[0].x is many",
                "{name: a, repeat: 21, steps: [{label: b}]}                | repeat is 21",
                "{name: a, command: sql, steps: [{label: b}]}              | command is sql; bench, mixed, storm, connect, reads and send-to-many are allowed",
                "{name: a, steps: [{label: b, options: {json: c}}]}        | steps[0].options.json is not allowed",
                "{name: a, steps: [{label: b, options: {rate: [1]}}]}      | steps[0].options.rate must be a text",
                "{name: a, name: b, steps: [{label: b}]}                   | duplicate key name",
                "'{name: [a'                                               | is not YAML",
                "'!!javax.script.ScriptEngineManager [a]'                  | is not YAML",
            })
    void aWrongFileIsRefusedAndThePlaceNamed(String yaml, String reason) {
        WorkloadException refused = assertThrows(WorkloadException.class, () -> read(yaml));

        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::getMessage);
        assertTrue(String.valueOf(refused.getMessage()).contains("workload.yaml"), refused::getMessage);
    }

    @Test
    void aFileOverTheLimitIsRefused() throws Exception {
        String yaml = "name: " + "a".repeat(WorkloadFile.MAX_BYTES);

        WorkloadException refused = assertThrows(WorkloadException.class, () -> read(yaml));

        assertTrue(String.valueOf(refused.getMessage()).contains("at most 1048576"), refused::getMessage);
    }

    private Workload read(String yaml) throws IOException {
        return WorkloadFile.read(Files.writeString(directory.resolve("workload.yaml"), yaml));
    }
}
