package dev.tidings.ops.bench.report;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result of a run, as text for people and as JSON for programs. */
public interface Report {

    ReportTable table();

    /** Returns what the run violated, each in a few words, such as {@code 2 lost}. Empty: all guarantees were kept. */
    List<String> flaws();

    /** Returns examples of what was violated, one line each; at most 20. Empty: all guarantees were kept. */
    default List<String> evidence() {
        return List.of();
    }

    /** Whether all guarantees were kept, and at least one message was sent. */
    default boolean isClean() {
        return flaws().isEmpty();
    }

    /** Returns all numbers of the table by name; see {@link ReportTable#figures}. */
    default Map<String, Double> figures() {
        return table().figures();
    }

    default void print(PrintWriter out) {
        table().print(out);
        out.printf(
                "%n%s%n",
                isClean()
                        ? "All guarantees were kept."
                        : "GUARANTEES WERE VIOLATED: " + String.join(", ", flaws()) + '.');
        evidence().forEach(line -> out.println("  " + line));
        out.flush();
    }

    /** Returns the table as one JSON object; its last member, {@code flaws}, is a list of texts. */
    default String toJson() {
        return table().toJson(flaws());
    }

    /** Returns plots for the page, SVG elements by caption, besides those of breakdowns. */
    default Map<String, String> plots() {
        return Map.of();
    }

    /** Returns the report as one HTML page that loads nothing. */
    default String toHtml(String title) {
        Map<String, String> breakdowns = new LinkedHashMap<>();
        table().breakdowns().forEach((name, parts) -> breakdowns.put(name, new BarChart(name, parts).svg()));
        HtmlPage page = new HtmlPage(title).verdict(flaws());
        evidence().forEach(page::paragraph);
        return page.table(List.of("", "p50", "p99", "p999", "max"), table().percentileCells())
                .plots(plots())
                .plots(breakdowns)
                .heading("All values")
                .table(List.of("", ""), table().valueCells())
                .toHtml();
    }
}
