package dev.tidings.processors.store;

import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Sets of sequence numbers, as ascending ranges with gaps between them. Both ends of a range are inclusive. */
public final class SeqRanges {

    private SeqRanges() {}

    /** Returns a range; both ends are inclusive. */
    public static SeqRange of(long from, long to) {
        return SeqRange.newBuilder().setFromSeq(from).setToSeq(to).build();
    }

    /**
     * Returns the union of two sets. The inputs may be unordered and may overlap; ranges that end before they begin are
     * empty.
     */
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

    /**
     * Returns true if the set contains the seq.
     *
     * @param ascending ranges in ascending order, with gaps between them
     */
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
