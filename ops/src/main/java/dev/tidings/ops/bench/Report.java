package dev.tidings.ops.bench;

import java.io.PrintWriter;
import java.util.List;

/** What came of a run, for people and for programs. */
interface Report {

    Figures figures();

    /** Why the run is not clean, one short reason each, such as {@code 2 lost}. Empty: the promise was kept. */
    List<String> flaws();

    /** Whether the promise was kept to every message, and there was one to keep it to. */
    default boolean isClean() {
        return flaws().isEmpty();
    }

    default void print(PrintWriter out) {
        figures().print(out);
        out.printf(
                "%n%s%n",
                isClean() ? "The promise was kept." : "THE PROMISE WAS NOT KEPT: " + String.join(", ", flaws()) + '.');
        out.flush();
    }

    default String toJson() {
        return figures().toJson();
    }
}
