package dev.tidings.ops.bench;

import dev.tidings.ops.bench.check.CheckResult;
import dev.tidings.ops.bench.check.Timeline;
import dev.tidings.ops.bench.measure.ServerSample;
import dev.tidings.ops.bench.measure.ServerUsage;
import dev.tidings.ops.bench.report.ColumnChart;
import dev.tidings.ops.bench.report.Line;
import dev.tidings.ops.bench.report.LineChart;
import dev.tidings.ops.bench.report.ReportTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Plots of a run with a steady load: latency and throughput by time, latency by percentile, and the server's load by time. */
final class LoadPlots {

    private static final double NANOS_PER_MILLI = 1_000_000;
    private static final double BYTES_PER_MEGABYTE = 1_000_000;
    private static final String SECONDS = "s";

    private static final long[] CLASSES_MICROS = {
        500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000
    };

    /** The last point of the percentiles: five nines. */
    private static final int LAST_NINES = 5;

    private static final int POINTS_PER_NINE = 10;

    private final Map<String, String> svgByCaption = new LinkedHashMap<>();

    private LoadPlots() {}

    /** @param usage null: the server was not measured */
    static Map<String, String> of(CheckResult result, @Nullable ServerUsage usage) {
        LoadPlots plots = new LoadPlots();
        plots.addLatencyAndThroughput(result.timeline);
        plots.add(
                "Latency by percentile, ms (1: p90, 2: p99, 3: p99.9)",
                "nines",
                percentiles("sequenced", result.sendToSequenced),
                percentiles("delivered", result.sendToDelivered));
        plots.addHistogram(result.sendToDelivered);
        if (usage != null) {
            plots.addServer(usage.samples());
        }
        return plots.svgByCaption;
    }

    private void addLatencyAndThroughput(Timeline timeline) {
        List<Timeline.Interval> delivered = timeline.intervals().stream()
                .filter(interval -> interval.sendToDelivered().getTotalCount() > 0)
                .toList();
        add(
                "Send to delivered by time, ms",
                SECONDS,
                line("p50", delivered, interval -> millis(interval, 50)),
                line("p99", delivered, interval -> millis(interval, 99)),
                line("max", delivered, interval -> millis(interval, 100)));
        add(
                "Messages per second by time",
                SECONDS,
                line("sequenced", timeline.intervals(), each -> each.sequenced() / timeline.intervalSeconds()));
    }

    /** Deliveries by latency, in classes of which each is about twice as wide as the one before. */
    private void addHistogram(Histogram nanos) {
        Map<String, Long> columns = new LinkedHashMap<>();
        long from = 0;
        for (long upToMicros : CLASSES_MICROS) {
            long upTo = TimeUnit.MICROSECONDS.toNanos(upToMicros);
            columns.put(ReportTable.number(upToMicros / 1_000.0), nanos.getCountBetweenValues(from, upTo - 1));
            from = upTo;
        }
        columns.put("more", nanos.getCountBetweenValues(from, nanos.getHighestTrackableValue()));
        String caption = "Deliveries by latency, below so many ms";
        svgByCaption.put(caption, new ColumnChart(caption, columns).svg());
    }

    private void addServer(List<ServerSample> samples) {
        add("Processors in use by time", SECONDS, samples("server", samples, ServerSample::cores));
        add(
                "Resident memory by time, MB",
                SECONDS,
                samples("server", samples, sample -> sample.residentBytes() / BYTES_PER_MEGABYTE));
        if (samples.stream().anyMatch(sample -> sample.heapBytes() > 0)) {
            add(
                    "Java heap in use by time, MB",
                    SECONDS,
                    samples("main process", samples, sample -> sample.heapBytes() / BYTES_PER_MEGABYTE));
        }
        List<String> groups = samples.stream()
                .flatMap(sample -> sample.lag().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        for (String group : groups) {
            add(
                    "Records not committed by time, " + group,
                    SECONDS,
                    samples("records", samples, sample -> sample.lag().getOrDefault(group, 0L)));
        }
    }

    private void add(String caption, String xUnit, Line... lines) {
        svgByCaption.put(caption, new LineChart(caption, xUnit, List.of(lines)).svg());
    }

    private static Line percentiles(String name, Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return new Line(name, List.of());
        }
        return new Line(
                name,
                IntStream.rangeClosed(0, LAST_NINES * POINTS_PER_NINE)
                        .mapToDouble(point -> (double) point / POINTS_PER_NINE)
                        .mapToObj(nines -> new Line.Point(
                                nines, nanos.getValueAtPercentile(100 * (1 - Math.pow(10, -nines))) / NANOS_PER_MILLI))
                        .toList());
    }

    private static double millis(Timeline.Interval interval, double percentile) {
        return interval.sendToDelivered().getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    private static Line line(
            String name, List<Timeline.Interval> intervals, ToDoubleFunction<Timeline.Interval> value) {
        return points(
                name,
                intervals.stream().map(interval -> new Line.Point(interval.seconds(), value.applyAsDouble(interval))));
    }

    private static Line samples(String name, List<ServerSample> samples, ToDoubleFunction<ServerSample> value) {
        return points(
                name, samples.stream().map(sample -> new Line.Point(sample.seconds(), value.applyAsDouble(sample))));
    }

    private static Line points(String name, Stream<Line.Point> points) {
        return new Line(name, points.toList());
    }
}
