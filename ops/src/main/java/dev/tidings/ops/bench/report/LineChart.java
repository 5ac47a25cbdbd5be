package dev.tidings.ops.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Draws lines over a common linear x axis as SVG. The y axis begins at zero. Lines without points are left out. */
public final class LineChart {

    private static final int WIDTH = 460;
    private static final int HEIGHT = 240;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int TOP = 30;
    private static final int BOTTOM = 36;
    private static final int LEGEND_WIDTH = 110;

    private final String title;
    private final String xUnit;
    private final List<Line> lines;

    /** @param xUnit stands at the end of the x axis */
    public LineChart(String title, String xUnit, List<Line> lines) {
        this.title = title;
        this.xUnit = xUnit;
        this.lines = lines.stream().filter(line -> !line.points().isEmpty()).toList();
    }

    /** Returns an SVG element, or an empty text if no line has a point. */
    public String svg() {
        if (lines.isEmpty()) {
            return "";
        }
        double firstX = all(Line.Point::x).min().orElse(0);
        double lastX = all(Line.Point::x).max().orElse(0);
        double highest = all(Line.Point::y).max().orElse(0);
        double spanX = lastX > firstX ? lastX - firstX : 1;
        double spanY = highest > 0 ? highest : 1;
        int bottom = HEIGHT - BOTTOM;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                .formatted(WIDTH, HEIGHT, HtmlPage.escape(title)));
        svg.append("<path class=\"axis\" d=\"M%d %dV%dH%d\"/>".formatted(LEFT, TOP, bottom, WIDTH - RIGHT));
        svg.append(text("end", LEFT - 6, TOP + 4, ReportTable.number(highest)));
        svg.append(text("end", LEFT - 6, bottom, "0"));
        svg.append(text("start", LEFT, bottom + 16, ReportTable.number(firstX)));
        svg.append(text("end", WIDTH - RIGHT, bottom + 16, ReportTable.number(lastX) + ' ' + xUnit));
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            StringBuilder path = new StringBuilder();
            for (Line.Point point : line.points()) {
                path.append(path.isEmpty() ? 'M' : 'L')
                        .append(String.format(
                                Locale.ROOT,
                                "%.1f %.1f",
                                LEFT + (point.x() - firstX) / spanX * (WIDTH - LEFT - RIGHT),
                                bottom - Math.max(0, point.y()) / spanY * (bottom - TOP)));
            }
            svg.append("<path class=\"line%d\" d=\"%s\"/>".formatted(i, path));
            svg.append("<g class=\"line%d\">".formatted(i))
                    .append(text("start", LEFT + i * LEGEND_WIDTH, TOP - 14, line.name()))
                    .append("</g>");
        }
        return svg.append("</svg>").toString();
    }

    private DoubleStream all(ToDoubleFunction<Line.Point> coordinate) {
        return lines.stream().flatMap(line -> line.points().stream()).mapToDouble(coordinate);
    }

    private static String text(String anchor, int x, int y, String text) {
        return "<text text-anchor=\"%s\" x=\"%d\" y=\"%d\">%s</text>".formatted(anchor, x, y, HtmlPage.escape(text));
    }
}
