package dev.tidings.ops.bench.report;

import java.util.List;

/**
 * One line of a {@link LineChart}.
 *
 * @param name for the legend
 * @param points in the order of x
 */
public record Line(String name, List<Point> points) {

    public Line {
        points = List.copyOf(points);
    }

    public record Point(double x, double y) {}
}
