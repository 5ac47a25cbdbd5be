package dev.tidings.ops.bench.report;

import java.util.List;
import java.util.Map;

/** One HTML page that loads nothing, light or dark as the reader prefers. All texts are escaped. Not thread-safe. */
public final class HtmlPage {

    private static final String STYLE = """
            :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
            body { max-width: 1000px; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: .25rem .7rem; border-bottom: 1px solid #8885; text-align: right; }
            th:first-child, td:first-child { text-align: left; }
            .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)); gap: 1rem; }
            figure { margin: 0; } figcaption { font-weight: 600; }
            svg { width: 100%; } svg path { fill: none; stroke: #2b7de9; stroke-width: 2; }
            svg circle, svg rect { fill: #2b7de9; } svg text { font-size: 11px; fill: currentColor; }
            svg .axis { stroke: #888; stroke-width: 1; } .flaws { color: #c22; font-weight: 600; }
            svg path.line1 { stroke: #d9822b; } svg path.line2 { stroke: #2a9d5c; } svg path.line3 { stroke: #a346c9; }
            .line0 text { fill: #2b7de9; } .line1 text { fill: #d9822b; }
            .line2 text { fill: #2a9d5c; } .line3 text { fill: #a346c9; }
            """;

    private final StringBuilder html = new StringBuilder();

    public HtmlPage(String title) {
        String escaped = escape(title);
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" + escaped
                + "</title>\n<style>\n" + STYLE + "</style></head>\n<body>\n<h1>" + escaped + "</h1>\n");
    }

    public HtmlPage paragraph(String text) {
        html.append("<p>" + escape(text) + "</p>\n");
        return this;
    }

    /** Adds whether all guarantees were kept; see {@link Report#flaws}. */
    public HtmlPage verdict(List<String> flaws) {
        html.append(
                flaws.isEmpty()
                        ? "<p>All guarantees were kept.</p>\n"
                        : "<p class=\"flaws\">Guarantees were violated: " + escape(String.join(", ", flaws))
                                + ".</p>\n");
        return this;
    }

    public HtmlPage heading(String text) {
        html.append("<h2>" + escape(text) + "</h2>\n");
        return this;
    }

    /** @param rows each as long as the header */
    public HtmlPage table(List<String> header, List<List<String>> rows) {
        html.append("<table>\n");
        appendRow("th", header);
        rows.forEach(row -> appendRow("td", row));
        html.append("</table>\n");
        return this;
    }

    /** Adds a table of two columns that opens on a click. */
    public HtmlPage details(String summary, Map<String, String> values) {
        html.append("<details><summary>" + escape(summary) + "</summary><table>\n");
        values.forEach((name, value) -> appendRow("td", List.of(name, value)));
        html.append("</table></details>\n");
        return this;
    }

    /**
     * Adds plots side by side.
     *
     * @param svgByCaption SVG elements; plots with an empty text are left out
     */
    public HtmlPage plots(Map<String, String> svgByCaption) {
        html.append("<div class=\"plots\">\n");
        svgByCaption.forEach((caption, svg) -> {
            if (!svg.isEmpty()) {
                html.append("<figure><figcaption>" + escape(caption) + "</figcaption>" + svg + "</figure>\n");
            }
        });
        html.append("</div>\n");
        return this;
    }

    /** Returns the whole page. */
    public String toHtml() {
        return html + "</body></html>\n";
    }

    private void appendRow(String cell, List<String> values) {
        html.append("<tr>");
        values.forEach(value -> html.append("<" + cell + ">" + escape(value) + "</" + cell + ">"));
        html.append("</tr>\n");
    }

    /** Returns the text with entities in place of the characters that HTML gives a meaning. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
