package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import dev.tidings.ops.bench.workload.StepResult;
import dev.tidings.ops.bench.workload.Workload;
import dev.tidings.ops.bench.workload.WorkloadFile;
import dev.tidings.ops.bench.workload.WorkloadResult;
import dev.tidings.schemas.serde.ProtoJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class BenchCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void reportsAsTextAndAsJson() throws Exception {
        Path json = directory.resolve("report.json");
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            int exitCode = run(gateway, "--json", json.toString());

            assertEquals(0, exitCode, err::toString);
        }
        Struct report =
                ProtoJson.parse(Files.readString(json), Struct.newBuilder()).build();
        for (String key : List.of(
                "seconds", "sent", "sequenced", "delivered", "lost", "duplicated", "outOfOrder", "gaps", "rate")) {
            assertTrue(report.getFieldsOrThrow(key).hasNumberValue(), key);
        }
        for (String key : List.of("sendToSequencedMillis", "sendToDeliveredMillis")) {
            assertEquals(
                    List.of("max", "p50", "p99", "p999"),
                    report.getFieldsOrThrow(key).getStructValue().getFieldsMap().keySet().stream()
                            .sorted()
                            .toList());
        }
        assertTrue(out.toString().contains("sendToDeliveredMillis"), out::toString);
    }

    @Test
    void thePageShowsLatencyAndThroughputByTimeAndByPercentile() throws Exception {
        Path html = directory.resolve("report.html");
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            int exitCode = run(gateway, "--html", html.toString());

            assertEquals(0, exitCode, err::toString);
        }
        String page = Files.readString(html);
        assertTrue(page.contains("All guarantees were kept."), page);
        assertTrue(page.contains("sendToDeliveredMillis"), page);
        assertEquals(4, page.split("<svg", -1).length - 1, page);
    }

    @Test
    void theReportOfAGroupHasTheLatencyOfTheLastReceiver() {
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            int exitCode = run(gateway, "--group-members=9");

            assertEquals(0, exitCode, err::toString);
        }
        assertTrue(out.toString().contains("sendToAllMillis"), out::toString);
    }

    @Test
    void aMixedLoadReportsPairsAndGroups() throws Exception {
        Path json = directory.resolve("mixed.json");
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            int exitCode = commandLine(null)
                    .execute(
                            "mixed",
                            "--url=" + gateway.url(),
                            "--rate=100",
                            "--users=40",
                            "--group-percent=50",
                            "--seconds=1",
                            "--warmup=0",
                            "--drain=60",
                            "--json=" + json);

            assertEquals(0, exitCode, err::toString);
        }
        Struct report =
                ProtoJson.parse(Files.readString(json), Struct.newBuilder()).build();
        assertEquals(20, report.getFieldsOrThrow("users").getNumberValue());
        assertEquals(50, report.getFieldsOrThrow("sent").getNumberValue());
        assertEquals(2, report.getFieldsOrThrow("groups.groups").getNumberValue());
        assertEquals(50 * 9, report.getFieldsOrThrow("groups.delivered").getNumberValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--group-percent=0", "--group-percent=100", "--users=98", "--users=101", "--rate=1"})
    void aWrongOptionOfAMixedLoadIsExitCodeTwoAndNamed(String argument) {
        int exitCode = commandLine("http://127.0.0.1:1").execute("mixed", argument);

        assertEquals(2, exitCode);
        assertTrue(err.toString().contains(argument.substring(0, argument.indexOf('='))), err::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--group-members=10", "--history=1"})
    void aRoomHasNeitherMembersNorEarlierMessages(String argument) {
        int exitCode = commandLine("http://127.0.0.1:1").execute("--room", argument);

        assertEquals(2, exitCode);
        assertTrue(err.toString().contains("--room"), err::toString);
    }

    @Test
    void theReportOfAStormHasTheTimeUntilAllAreSynced() throws Exception {
        Path json = directory.resolve("storm.json");
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            int exitCode = storm(gateway, json);

            assertEquals(0, exitCode, err::toString);
        }
        Struct report =
                ProtoJson.parse(Files.readString(json), Struct.newBuilder()).build();
        assertEquals(4, report.getFieldsOrThrow("resumed").getNumberValue());
        assertTrue(out.toString().contains("allSyncedMillis"), out::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--drop=hail",
                "--senders=0",
                "--conversations=0",
                "--conversations=21",
                "--history=-1",
                "--missed=-1",
                "--timeout=0",
                "--senders-url=ftp://127.0.0.1"
            })
    void aWrongStormOptionIsExitCodeTwoAndNamed(String argument) {
        int exitCode = commandLine("http://127.0.0.1:1").execute("storm", argument);

        assertEquals(2, exitCode);
        assertTrue(err.toString().contains(argument.substring(0, argument.indexOf('='))), err::toString);
    }

    @Test
    void aViolatedGuaranteeIsExitCodeOne() {
        try (FakeGateway gateway = new FakeGateway(Fault.DUPLICATE)) {
            assertEquals(1, run(gateway), err::toString);
        }
        assertTrue(err.toString().contains("guarantees were violated: "), err::toString);
        assertTrue(err.toString().contains(" duplicated"), err::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rate=0",
                "--rate=-5",
                "--rate=many",
                "--seconds=0",
                "--warmup=-1",
                "--users=3",
                "--conversations=-1",
                "--history=-1",
                "--group-members=-1",
                "--group-members=100",
                "--group-members=100001",
                "--groups=2",
                "--groups=-1",
                "--jwt-issuer=me",
                "--p99-millis=many",
                "--text-bytes=0",
                "--text-bytes=100000",
                "--drain=-1",
                "--subprotocol=mqtt",
                "--url=ftp://127.0.0.1",
                "--url=not a url"
            })
    void aWrongOptionIsExitCodeTwoAndNamed(String argument) {
        int exitCode = commandLine("http://127.0.0.1:1").execute(argument);

        assertEquals(2, exitCode);
        assertTrue(err.toString().contains(argument.substring(0, argument.indexOf('='))), err::toString);
    }

    @Test
    void aShortSecretIsExplainedInASentence() {
        int exitCode = commandLine("http://127.0.0.1:1").execute("--jwt-secret=short");

        assertEquals(1, exitCode);
        assertEquals(
                "bench: --jwt-secret has 5 bytes; at least 32 are needed",
                err.toString().strip());
    }

    @Test
    void withoutARunningGatewayTheUrlIsRequired() {
        assertEquals(2, commandLine(null).execute("--rate=1"));
        assertTrue(err.toString().contains("--url"), err::toString);
    }

    @Test
    void aWorkloadReportsEachStepAsTextAsJsonAndAsAPage() throws Exception {
        Path file = Files.writeString(directory.resolve("pairs.yaml"), """
                name: pairs
                axis: users
                repeat: 2
                options: {rate: 100, seconds: 1, warmup: 0, drain: 60}
                steps:
                  - {x: 4, options: {users: 4, conversations: 3, history: 5}}
                  - {x: 12, options: {users: 12, groups: 2, group-members: 6, history: 5}}
                """);
        Path json = directory.resolve("result.json");
        Path html = directory.resolve("result.html");
        try (FakeGateway gateway = new FakeGateway(Fault.NONE)) {
            int exitCode = commandLine(null)
                    .execute(
                            "workload",
                            file.toString(),
                            "--set=url=" + gateway.url(),
                            "--json=" + json,
                            "--html=" + html);

            assertEquals(0, exitCode, err::toString);
        }
        WorkloadResult result = WorkloadResult.read(json);
        assertEquals(
                List.of("4", "12"),
                result.steps().stream().map(StepResult::label).toList());
        assertEquals(List.of(100.0, 100.0), figures(result, "sequenced"));
        assertEquals(List.of(100.0, 500.0), figures(result, "delivered"));
        assertTrue(Files.readString(html).contains("<svg"));
        assertTrue(err.toString().contains("pairs: 12, run 2 of 2"), err::toString);

        assertEquals(0, commandLine(null).execute("compare", json.toString(), json.toString()), err::toString);
        assertTrue(out.toString().contains("1.00"), out::toString);
    }

    @Test
    void aWorkloadWithAWrongOptionRunsNothing() throws Exception {
        Path file = Files.writeString(
                directory.resolve("wrong.yaml"), "{name: wrong, steps: [{label: fast, options: {speed: 3}}]}");

        assertEquals(2, commandLine("http://127.0.0.1:1").execute("workload", file.toString()));
        assertTrue(err.toString().contains("wrong.yaml: step fast: Unknown option: '--speed=3'"), err::toString);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void theProjectsWorkloadsAreReadable(Path file) {
        Workload workload = WorkloadFile.read(file);

        for (Workload.Step step : workload.steps()) {
            List<String> arguments = new ArrayList<>();
            if (!workload.command().equals("bench")) {
                arguments.add(workload.command());
            }
            step.options().forEach((name, value) -> arguments.add("--" + name + '=' + value));
            commandLine("http://127.0.0.1:1").parseArgs(arguments.toArray(String[]::new));
        }
    }

    private static List<Path> workloads() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("basedir", "."), "workloads"))) {
            return files.sorted().toList();
        }
    }

    private static List<Double> figures(WorkloadResult result, String name) {
        return result.steps().stream().map(step -> step.figures().get(name)).toList();
    }

    private int run(FakeGateway gateway, String... more) {
        CommandLine commandLine = commandLine(null);
        String[] arguments = {
            "--url=" + gateway.url(), "--rate=100", "--seconds=1", "--warmup=0", "--users=4", "--drain=60"
        };
        String[] all = new String[arguments.length + more.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return commandLine.execute(all);
    }

    private int storm(FakeGateway gateway, Path json) {
        return commandLine(gateway.url().toString())
                .execute(
                        "storm",
                        "--drop=cut",
                        "--rate=100",
                        "--users=4",
                        "--senders=2",
                        "--conversations=2",
                        "--drain=60",
                        "--json=" + json);
    }

    private CommandLine commandLine(@Nullable String defaultUrl) {
        return BenchCommand.commandLine(() -> Optional.ofNullable(defaultUrl)
                        .map(url -> new RunningServer(
                                URI.create(url), ProcessHandle.current().pid(), "127.0.0.1:1", Map.of())))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }
}
