package dev.tidings.ops.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChartTest {

    @Test
    void aLineRunsFromTheFirstXAtTheLeftToTheLastAtTheRightAndFromZeroToTheHighestY() {
        String svg = new LineChart("p99", "s", List.of(line("all", 0, 0, 5, 8, 10, 4))).svg();

        assertTrue(svg.contains("M64.0 204.0L252.0 30.0L440.0 117.0"), svg);
        assertTrue(svg.contains(">10.00 s<"), svg);
        assertTrue(svg.contains(">8.00<"), svg);
    }

    @Test
    void allLinesShareOneScale() {
        String svg = new LineChart("latency", "s", List.of(line("low", 0, 1, 1, 1), line("high", 0, 2, 1, 2))).svg();

        assertTrue(svg.contains("class=\"line0\" d=\"M64.0 117.0L440.0 117.0\""), svg);
        assertTrue(svg.contains("class=\"line1\" d=\"M64.0 30.0L440.0 30.0\""), svg);
    }

    @Test
    void aChartWithoutPointsIsEmpty() {
        assertEquals("", new LineChart("none", "s", List.of(new Line("none", List.of()))).svg());
        assertEquals("", new BarChart("none", Map.of()).svg());
    }

    @Test
    void valuesThatAreAllZeroLieOnTheAxis() {
        assertTrue(new LineChart("lag", "s", List.of(line("lag", 0, 0, 1, 0)))
                .svg()
                .contains("M64.0 204.0L440.0 204.0"));
        assertTrue(new BarChart("lag", Map.of("a", 0.0)).svg().contains("width=\"0.0\""));
    }

    @Test
    void barsAreSortedAndTheSmallestAreOne() {
        Map<String, Double> parts = new TreeMap<>();
        for (int i = 1; i <= BarChart.MAX_BARS + 2; i++) {
            parts.put("part-" + i, (double) i);
        }
        String svg = new BarChart("cpu", parts).svg();

        assertEquals(BarChart.MAX_BARS, svg.split("<rect", -1).length - 1, svg);
        assertTrue(svg.indexOf("part-14<") < svg.indexOf("part-13<"), svg);
        assertTrue(svg.contains(">3 others<"), svg);
        assertTrue(svg.contains(">6.00<"), svg);
    }

    @Test
    void columnsKeepTheirOrderAndTheHighestReachesTheTop() {
        Map<String, Long> columns = new LinkedHashMap<>();
        columns.put("1", 5L);
        columns.put("10", 20L);
        columns.put("2", 0L);
        String svg = new ColumnChart("latency", columns).svg();

        assertTrue(svg.indexOf(">1: 5<") < svg.indexOf(">10: 20<"), svg);
        assertTrue(svg.contains("y=\"30.0\" width=\"123.3\" height=\"174.0\""), svg);
        assertTrue(svg.contains("height=\"0.0\""), svg);
        assertEquals("", new ColumnChart("none", Map.of("1", 0L)).svg());
    }

    @Test
    void namesAreEscaped() {
        assertFalse(new BarChart("<b>", Map.of("<script>", 1.0)).svg().contains("<script>"));
        assertFalse(
                new LineChart("<b>", "s", List.of(line("<script>", 0, 1))).svg().contains("<script>"));
    }

    /** @param coordinates x, y, x, y */
    private static Line line(String name, double... coordinates) {
        List<Line.Point> points = new ArrayList<>();
        for (int i = 0; i < coordinates.length; i += 2) {
            points.add(new Line.Point(coordinates[i], coordinates[i + 1]));
        }
        return new Line(name, points);
    }
}
