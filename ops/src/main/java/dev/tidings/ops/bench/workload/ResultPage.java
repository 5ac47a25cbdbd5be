package dev.tidings.ops.bench.workload;

import dev.tidings.ops.bench.report.HtmlPage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes the result of a workload as one HTML page: a table, a plot for each shown figure, and all figures. */
public final class ResultPage {

    private ResultPage() {}

    public static String html(WorkloadResult result) {
        HtmlPage page = new HtmlPage(result.name())
                .paragraph(result.description())
                .verdict(result.flaws())
                .table(
                        row(Objects.requireNonNullElse(result.axis(), "step"), result.shown()),
                        result.steps().stream()
                                .map(step -> row(
                                        step.label(),
                                        result.shown().stream()
                                                .map(figure -> ResultText.number(
                                                        step.figures().get(figure)))
                                                .toList()))
                                .toList());
        Map<String, String> plots = new LinkedHashMap<>();
        result.shown().forEach(figure -> plots.put(figure, new Plot(result.steps(), figure).svg()));
        page.heading("Plots").plots(plots).heading("All figures");
        for (StepResult step : result.steps()) {
            Map<String, String> figures = new LinkedHashMap<>();
            step.figures().forEach((figure, value) -> figures.put(figure, ResultText.number(value)));
            page.details(step.label() + ", median of " + step.runs(), figures);
        }
        return page.toHtml();
    }

    private static List<String> row(String first, List<String> others) {
        List<String> cells = new ArrayList<>();
        cells.add(first);
        cells.addAll(others);
        return cells;
    }
}
