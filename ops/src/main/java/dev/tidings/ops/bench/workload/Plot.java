package dev.tidings.ops.bench.workload;

import dev.tidings.ops.bench.report.HtmlPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws one figure over the steps of a workload as SVG. The y axis begins at zero. The x axis is logarithmic if every step has a
 * positive x; otherwise the steps are evenly spaced.
 */
final class Plot {

    private static final int WIDTH = 460;
    private static final int HEIGHT = 240;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int TOP = 16;
    private static final int BOTTOM = 40;

    private record Point(double x, double y, String label, double value) {}

    private final List<StepResult> steps;
    private final String figure;

    /** @param figure its name; steps without it are left out */
    Plot(List<StepResult> steps, String figure) {
        this.steps = steps.stream()
                .filter(step -> step.figures().containsKey(figure))
                .toList();
        this.figure = figure;
    }

    /** Returns an SVG element, or an empty text if no step has the figure. */
    String svg() {
        if (steps.isEmpty()) {
            return "";
        }
        List<Point> points = points();
        StringBuilder svg = new StringBuilder();
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                .formatted(WIDTH, HEIGHT, HtmlPage.escape(figure)));
        int bottom = HEIGHT - BOTTOM;
        svg.append(line("axis", LEFT, bottom, WIDTH - RIGHT, bottom));
        svg.append(line("axis", LEFT, TOP, LEFT, bottom));
        svg.append(text("end", LEFT - 6, TOP + 4, ResultText.number(maximum())));
        svg.append(text("end", LEFT - 6, bottom, "0"));
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(path.isEmpty() ? "M" : "L").append(coordinates(point.x, point.y));
        }
        svg.append("<path d=\"").append(path).append("\"/>");
        for (Point point : points) {
            svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\">", point.x, point.y));
            svg.append("<title>")
                    .append(HtmlPage.escape(point.label + ": " + ResultText.number(point.value)))
                    .append("</title></circle>");
            svg.append(text("middle", point.x, bottom + 16, point.label));
        }
        return svg.append("</svg>").toString();
    }

    private List<Point> points() {
        boolean logarithmic = steps.stream().allMatch(step -> step.x() != null && step.x() > 0);
        List<Double> places = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Double x = steps.get(i).x();
            places.add(logarithmic && x != null ? Math.log10(x) : i);
        }
        double first = places.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double last = places.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double span = last > first ? last - first : 1;
        double maximum = maximum();
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            double value = steps.get(i).figures().getOrDefault(figure, 0.0);
            double height = maximum > 0 ? Math.max(0, value) / maximum : 0;
            points.add(new Point(
                    LEFT + 16 + (places.get(i) - first) / span * (WIDTH - LEFT - RIGHT - 32),
                    HEIGHT - BOTTOM - height * (HEIGHT - TOP - BOTTOM),
                    steps.get(i).label(),
                    value));
        }
        return points;
    }

    private double maximum() {
        return steps.stream()
                .mapToDouble(step -> step.figures().getOrDefault(figure, 0.0))
                .max()
                .orElse(0);
    }

    private static String coordinates(double x, double y) {
        return String.format(Locale.ROOT, "%.1f %.1f ", x, y);
    }

    private static String line(String kind, int x1, int y1, int x2, int y2) {
        return "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>".formatted(kind, x1, y1, x2, y2);
    }

    private static String text(String anchor, double x, double y, String text) {
        return String.format(
                Locale.ROOT,
                "<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                anchor,
                x,
                y,
                HtmlPage.escape(text));
    }
}
