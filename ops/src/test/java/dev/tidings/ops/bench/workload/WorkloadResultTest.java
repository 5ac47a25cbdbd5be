package dev.tidings.ops.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadResultTest {

    private static final Workload.Step STEP = new Workload.Step("10", 10.0, Map.of());

    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();

    @Test
    void aStepHasTheMedianOfEachFigure() {
        StepResult result = StepResult.of(
                STEP,
                List.of(Map.of("rate", 5.0, "cpu", 1.0), Map.of("rate", 9.0, "cpu", 2.0), Map.of("rate", 6.0)),
                List.of());

        assertEquals(Map.of("rate", 6.0, "cpu", 1.5), result.figures());
        assertEquals(3, result.runs());
    }

    @Test
    void aResultIsReadAsItWasWritten() throws Exception {
        WorkloadResult result = result(1.5);

        Path file = Files.writeString(directory.resolve("result.json"), result.toJson());

        assertEquals(result, WorkloadResult.read(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"name\":\"a\"}", "{\"sent\":5}"})
    void anotherFileIsRefused(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("other.json"), text);

        WorkloadException refused = assertThrows(WorkloadException.class, () -> WorkloadResult.read(file));

        assertTrue(String.valueOf(refused.getMessage()).contains("other.json"), refused::getMessage);
    }

    @Test
    void aComparisonHasTheRatioOfEachShownFigure() {
        ResultText.printComparison(result(2), result(5), new PrintWriter(out));

        assertEquals("""
                step  figure  first  second  second / first
                10       cpu   2.00    5.00            2.50
                100      cpu   4.00   10.00            2.50
                """, out.toString());
    }

    @Test
    void thePageShowsFlawsValuesAndPlotsAndEscapesTexts() {
        String page = ResultPage.html(new WorkloadResult(
                "<script>", "a & b", "members", List.of("cpu", "unknown"), List.of(step("10", 2), step("100", 4))));

        assertFalse(page.contains("<script>"), page);
        assertTrue(page.contains("&lt;script&gt;"), page);
        assertTrue(page.contains("1 lost"), page);
        assertEquals(1, page.split("<svg", -1).length - 1, page);
        assertEquals(2, page.split("<circle", -1).length - 1, page);
    }

    @Test
    void aLogarithmicAxisSpacesPowersOfTenEvenly() {
        String svg = new Plot(List.of(step("1", 1), step("10", 1), step("100", 1)), "cpu").svg();

        assertTrue(svg.contains("M80.0 16.0 L252.0 16.0 L424.0 16.0"), svg);
    }

    private static WorkloadResult result(double value) {
        return new WorkloadResult(
                "sizes", "", "members", List.of("cpu"), List.of(step("10", value), step("100", 2 * value)));
    }

    private static StepResult step(String label, double value) {
        return new StepResult(label, Double.valueOf(label), 1, Map.of("cpu", value), List.of("1 lost"));
    }
}
