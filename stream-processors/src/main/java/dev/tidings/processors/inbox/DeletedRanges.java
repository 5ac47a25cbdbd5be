package dev.tidings.processors.inbox;

import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which part of a conversation a user does not want to see any more. */
final class DeletedRanges {

    private static final Comparator<SeqRange> BY_BEGINNING = Comparator.comparingLong(SeqRange::getFromSeq);

    private DeletedRanges() {}

    /** Ascending, with a gap between any two. Ranges that end before they begin hold nothing. */
    static List<SeqRange> union(List<SeqRange> some, List<SeqRange> others) {
        List<SeqRange> all = new ArrayList<>(some);
        all.addAll(others);
        all.removeIf(range -> range.getFromSeq() > range.getToSeq());
        all.sort(BY_BEGINNING);
        List<SeqRange> union = new ArrayList<>();
        for (SeqRange range : all) {
            if (!union.isEmpty() && range.getFromSeq() - 1 <= union.getLast().getToSeq()) {
                SeqRange last = union.removeLast();
                union.add(last.toBuilder()
                        .setToSeq(Math.max(last.getToSeq(), range.getToSeq()))
                        .build());
            } else {
                union.add(range);
            }
        }
        return union;
    }
}
