package dev.tidings.ops.bench.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** The result of a run, as text for people and as JSON for programs. */
public interface Report {

    ReportTable table();

    /** Returns what the run violated, each in a few words, such as {@code 2 lost}. Empty: all guarantees were kept. */
    List<String> flaws();

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
        out.flush();
    }

    /** Returns the table as one JSON object; its last member, {@code flaws}, is a list of texts. */
    default String toJson() {
        return table().toJson(flaws());
    }
}
