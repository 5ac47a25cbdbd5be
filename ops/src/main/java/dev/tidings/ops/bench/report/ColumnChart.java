package dev.tidings.ops.bench.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Draws a histogram as SVG: one column for each class, in the given order, from zero up. */
public final class ColumnChart {

    private static final int WIDTH = 460;
    private static final int HEIGHT = 240;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int TOP = 30;
    private static final int BOTTOM = 36;

    /** Columns with a label below: more would overlap. */
    private static final int MAX_LABELS = 10;

    private final String title;
    private final Map<String, Long> columns;

    /** @param columns the count of each class by its label */
    public ColumnChart(String title, Map<String, Long> columns) {
        this.title = title;
        this.columns = new LinkedHashMap<>(columns);
    }

    /** Returns an SVG element, or an empty text if all counts are zero. */
    public String svg() {
        long highest =
                columns.values().stream().mapToLong(Long::longValue).max().orElse(0);
        if (highest == 0) {
            return "";
        }
        int bottom = HEIGHT - BOTTOM;
        double width = (double) (WIDTH - LEFT - RIGHT) / columns.size();
        int labelEvery = Math.ceilDiv(columns.size(), MAX_LABELS);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                .formatted(WIDTH, HEIGHT, HtmlPage.escape(title)));
        svg.append("<path class=\"axis\" d=\"M%d %dV%dH%d\"/>".formatted(LEFT, TOP, bottom, WIDTH - RIGHT));
        svg.append("<text text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>"
                .formatted(LEFT - 6, TOP + 4, ReportTable.number(highest)));
        int column = 0;
        for (Map.Entry<String, Long> entry : columns.entrySet()) {
            double x = LEFT + column * width;
            double height = (double) entry.getValue() / highest * (bottom - TOP);
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%s: %d</title></rect>",
                    x + 1,
                    bottom - height,
                    Math.max(1, width - 2),
                    height,
                    HtmlPage.escape(entry.getKey()),
                    entry.getValue()));
            if (column % labelEvery == 0) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<text text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>",
                        x + width / 2,
                        bottom + 16,
                        HtmlPage.escape(entry.getKey())));
            }
            column++;
        }
        return svg.append("</svg>").toString();
    }
}
