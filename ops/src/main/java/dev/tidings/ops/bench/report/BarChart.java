package dev.tidings.ops.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Draws the parts of a value as horizontal bars in SVG, the largest first. Parts beyond the first 12 are one bar. */
final class BarChart {

    static final int MAX_BARS = 12;

    private static final int WIDTH = 460;
    private static final int BAR = 18;
    private static final int LEFT = 210;
    private static final int RIGHT = 60;

    private record Bar(String name, double value) {}

    private final String title;
    private final List<Bar> bars;

    BarChart(String title, Map<String, Double> parts) {
        this.title = title;
        List<Bar> sorted = parts.entrySet().stream()
                .map(part -> new Bar(part.getKey(), part.getValue()))
                .sorted(Comparator.comparingDouble(Bar::value).reversed().thenComparing(Bar::name))
                .toList();
        this.bars = sorted.size() <= MAX_BARS ? sorted : withRest(sorted);
    }

    private static List<Bar> withRest(List<Bar> sorted) {
        List<Bar> rest = sorted.subList(MAX_BARS - 1, sorted.size());
        Bar sum = new Bar(
                rest.size() + " others", rest.stream().mapToDouble(Bar::value).sum());
        return Stream.concat(sorted.subList(0, MAX_BARS - 1).stream(), Stream.of(sum))
                .toList();
    }

    /** Returns an SVG element, or an empty text without parts. */
    String svg() {
        if (bars.isEmpty()) {
            return "";
        }
        double longest = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                .formatted(WIDTH, bars.size() * BAR, HtmlPage.escape(title)));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double length = longest > 0 ? Math.max(0, bar.value) / longest * (WIDTH - LEFT - RIGHT) : 0;
            int baseline = i * BAR + BAR - 5;
            svg.append("<text text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>"
                    .formatted(LEFT - 6, baseline, HtmlPage.escape(shortened(bar.name))));
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>",
                    LEFT,
                    i * BAR + 3,
                    length,
                    BAR - 6,
                    HtmlPage.escape(bar.name)));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\">%s</text>",
                    LEFT + length + 4,
                    baseline,
                    ReportTable.number(bar.value)));
        }
        return svg.append("</svg>").toString();
    }

    private static String shortened(String name) {
        int most = 36;
        return name.length() <= most ? name : name.substring(0, most - 1) + '…';
    }
}
