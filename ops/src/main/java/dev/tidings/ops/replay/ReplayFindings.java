package dev.tidings.ops.replay;

import dev.tidings.ops.replay.Finding.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the results of a comparison, and keeps the first {@value #KEPT} findings. Not thread-safe. */
final class ReplayFindings {

    static final int KEPT = 10;

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<Finding> first = new ArrayList<>();
    private long equal;

    void equal() {
        equal++;
    }

    void add(Finding finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        if (first.size() < KEPT) {
            first.add(finding);
        }
    }

    long equalEvents() {
        return equal;
    }

    long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    List<Finding> first() {
        return List.copyOf(first);
    }
}
