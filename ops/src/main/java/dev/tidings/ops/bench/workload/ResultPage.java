package dev.tidings.ops.bench.workload;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes the result of a workload as one HTML page that loads nothing: a table, a plot for each shown figure, and all figures. */
public final class ResultPage {

    private static final String STYLE = """
            :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
            body { max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: .25rem .7rem; border-bottom: 1px solid #8885; text-align: right; }
            th:first-child, td:first-child { text-align: left; }
            .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)); gap: 1rem; }
            figure { margin: 0; } figcaption { font-weight: 600; }
            svg { width: 100%; } svg path { fill: none; stroke: #2b7de9; stroke-width: 2; }
            svg circle { fill: #2b7de9; } svg text { font-size: 11px; fill: currentColor; }
            .axis { stroke: #888; } .flaws { color: #c22; font-weight: 600; }
            """;

    private ResultPage() {}

    public static String html(WorkloadResult result) {
        StringBuilder page = new StringBuilder();
        String title = escape(result.name());
        page.append(
                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" + title + "</title>\n");
        page.append("<style>\n" + STYLE + "</style></head>\n<body>\n<h1>" + title + "</h1>\n");
        page.append("<p>" + escape(result.description()) + "</p>\n");
        appendFlaws(page, result.flaws());
        appendTable(page, result);
        page.append("<h2>Plots</h2>\n<div class=\"plots\">\n");
        for (String figure : result.shown()) {
            String svg = new Plot(result.steps(), figure).svg();
            if (!svg.isEmpty()) {
                page.append("<figure><figcaption>" + escape(figure) + "</figcaption>" + svg + "</figure>\n");
            }
        }
        page.append("</div>\n<h2>All figures</h2>\n");
        result.steps().forEach(step -> appendFigures(page, step));
        return page.append("</body></html>\n").toString();
    }

    private static void appendFlaws(StringBuilder page, List<String> flaws) {
        page.append(
                flaws.isEmpty()
                        ? "<p>All guarantees were kept.</p>\n"
                        : "<p class=\"flaws\">Guarantees were violated: " + escape(String.join(", ", flaws))
                                + ".</p>\n");
    }

    private static void appendTable(StringBuilder page, WorkloadResult result) {
        page.append("<table>\n<tr><th>" + escape(Objects.requireNonNullElse(result.axis(), "step")) + "</th>");
        result.shown().forEach(figure -> page.append("<th>" + escape(figure) + "</th>"));
        page.append("</tr>\n");
        for (StepResult step : result.steps()) {
            page.append("<tr><td>" + escape(step.label()) + "</td>");
            result.shown()
                    .forEach(figure -> page.append(
                            "<td>" + ResultText.number(step.figures().get(figure)) + "</td>"));
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private static void appendFigures(StringBuilder page, StepResult step) {
        page.append("<details><summary>" + escape(step.label()) + ", median of " + step.runs() + "</summary><table>\n");
        for (Map.Entry<String, Double> figure : step.figures().entrySet()) {
            page.append("<tr><td>" + escape(figure.getKey()) + "</td><td>" + ResultText.number(figure.getValue())
                    + "</td></tr>\n");
        }
        page.append("</table></details>\n");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
