package dev.tidings.ops.bench;

import java.io.PrintWriter;

/** What came of a run, for people and for programs. */
interface Report {

    Figures figures();

    /** Whether the promise was kept to every message, and there was one to keep it to. */
    boolean isClean();

    default void print(PrintWriter out) {
        figures().print(out);
        out.printf("%n%s%n", isClean() ? "The promise was kept." : "THE PROMISE WAS NOT KEPT.");
        out.flush();
    }

    default String toJson() {
        return figures().toJson();
    }
}
