package dev.tidings.ops.verify;

import dev.tidings.ops.verify.Discrepancy.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts discrepancies and keeps the first {@value #KEPT}; joins neighbours to one range. Not thread-safe. */
final class Discrepancies {

    static final int KEPT = 100;

    private final Map<Store, Map<Kind, Long>> counts = new EnumMap<>(Store.class);
    private final List<Discrepancy> first = new ArrayList<>();

    void add(Store store, Kind kind, String conversationId, long seq) {
        add(new Discrepancy(store, kind, conversationId, seq, seq));
    }

    void add(Discrepancy found) {
        counts.computeIfAbsent(found.store(), store -> new EnumMap<>(Kind.class))
                .merge(found.kind(), found.events(), Long::sum);
        if (!first.isEmpty() && isContinued(first.getLast(), found)) {
            Discrepancy before = first.removeLast();
            first.add(new Discrepancy(
                    before.store(), before.kind(), before.conversationId(), before.fromSeq(), found.toSeq()));
        } else if (first.size() < KEPT) {
            first.add(found);
        }
    }

    /** Returns the number of events of this kind in the store. */
    long count(Store store, Kind kind) {
        return counts.getOrDefault(store, Map.of()).getOrDefault(kind, 0L);
    }

    List<Discrepancy> first() {
        return List.copyOf(first);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    private static boolean isContinued(Discrepancy before, Discrepancy next) {
        return before.store() == next.store()
                && before.kind() == next.kind()
                && before.conversationId().equals(next.conversationId())
                && before.toSeq() + 1 == next.fromSeq();
    }
}
