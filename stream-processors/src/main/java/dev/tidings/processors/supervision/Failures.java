package dev.tidings.processors.supervision;

import java.util.LinkedHashSet;
import java.util.Set;

/** Failures in the log and in reports: by kind, without their messages, which may quote what users wrote. */
final class Failures {

    private static final int MAX_CAUSES = 5;

    private Failures() {}

    /** The classes of a failure and its causes. */
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
