package dev.tidings.ops.bench.sink;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * The result of one measurement.
 *
 * @param rows in all tables that were compared
 * @param sinkRowsPerSecond from the first stored batch to the last row
 * @param rawRowsPerSecond of the raw inserts
 */
public record SinkResult(long rows, double sinkRowsPerSecond, double rawRowsPerSecond) {

    public double ratio() {
        return sinkRowsPerSecond / rawRowsPerSecond;
    }

    public void print(PrintWriter out) {
        out.printf(Locale.ROOT, "rows                  %,12d%n", rows);
        out.printf(Locale.ROOT, "sink, rows a second   %,12.0f%n", sinkRowsPerSecond);
        out.printf(Locale.ROOT, "raw, rows a second    %,12.0f%n", rawRowsPerSecond);
        out.printf(Locale.ROOT, "ratio                 %12.2f%n", ratio());
        out.flush();
    }
}
