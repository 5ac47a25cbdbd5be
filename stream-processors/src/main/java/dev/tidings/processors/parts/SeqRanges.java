package dev.tidings.processors.parts;

import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Sets of sequence numbers, as ranges that ascend and lie apart from each other. */
public final class SeqRanges {

    private SeqRanges() {}

    /** Both ends included. */
    public static SeqRange of(long from, long to) {
        return SeqRange.newBuilder().setFromSeq(from).setToSeq(to).build();
    }

    /** What is in one of the two, which need be neither ascending nor apart. Ranges that end before they begin hold nothing. */
    public static List<SeqRange> union(List<SeqRange> some, List<SeqRange> others) {
        List<SeqRange> ascending = new ArrayList<>(some);
        ascending.addAll(others);
        ascending.removeIf(range -> range.getFromSeq() > range.getToSeq());
        ascending.sort(Comparator.comparingLong(SeqRange::getFromSeq));
        List<SeqRange> union = new ArrayList<>();
        for (SeqRange range : ascending) {
            SeqRange last = union.isEmpty() ? null : union.getLast();
            if (last == null || range.getFromSeq() - 1 > last.getToSeq()) {
                union.add(range);
            } else if (range.getToSeq() > last.getToSeq()) {
                union.set(union.size() - 1, of(last.getFromSeq(), range.getToSeq()));
            }
        }
        return union;
    }

    /** @param ascending apart from each other */
    public static boolean contains(List<SeqRange> ascending, long seq) {
        int low = 0;
        int high = ascending.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            SeqRange range = ascending.get(middle);
            if (seq < range.getFromSeq()) {
                high = middle - 1;
            } else if (seq > range.getToSeq()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
