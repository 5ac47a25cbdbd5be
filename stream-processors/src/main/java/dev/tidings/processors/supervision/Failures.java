package dev.tidings.processors.supervision;

import java.util.LinkedHashSet;
import java.util.Set;

/** Names failures in logs and reports by kind. Leaves out their messages, which may quote user content. */
final class Failures {

    private static final int MAX_CAUSES = 5;

    private Failures() {}

    /** Returns the simple class names of a failure and its causes, at most {@value #MAX_CAUSES}. */
    static String kind(Throwable failure) {
        Set<String> kinds = new LinkedHashSet<>();
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            kinds.add(cause.getClass().getSimpleName());
            cause = cause.getCause();
        }
        return String.join(" from ", kinds);
    }
}
