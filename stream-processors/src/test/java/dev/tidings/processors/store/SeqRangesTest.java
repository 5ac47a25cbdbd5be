package dev.tidings.processors.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.processors.TestSeed;
import dev.tidings.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeqRangesTest {

    @Test
    void ranges_apart_stay_apart_in_their_order() {
        assertEquals(
                List.of(range(1, 2), range(4, 5), range(9, 9)),
                SeqRanges.union(List.of(range(4, 5)), List.of(range(9, 9), range(1, 2))));
    }

    @Test
    void ranges_that_touch_or_overlap_become_one() {
        assertEquals(
                List.of(range(1, 9)),
                SeqRanges.union(List.of(range(1, 3), range(5, 9)), List.of(range(4, 4), range(6, 7))));
    }

    @Test
    void a_range_that_ends_before_it_begins_holds_nothing() {
        assertEquals(List.of(range(1, 3)), SeqRanges.union(List.of(range(1, 3)), List.of(range(9, 5))));
    }

    @Test
    void the_smallest_and_largest_numbers_do_not_overflow() {
        SeqRange all = range(Long.MIN_VALUE, Long.MAX_VALUE);

        assertEquals(List.of(all), SeqRanges.union(List.of(all), List.of(range(1, 2))));
        assertEquals(
                List.of(range(1, Long.MAX_VALUE)),
                SeqRanges.union(List.of(range(1, 5)), List.of(range(3, Long.MAX_VALUE))));
    }

    @Test
    void a_union_holds_the_seqs_of_both_sets() {
        long seed = TestSeed.get();
        System.out.println("tidings.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<SeqRange> union = List.of();
            TreeSet<Long> expected = new TreeSet<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                List<SeqRange> some = new ArrayList<>();
                for (int j = random.nextInt(4); j > 0; j--) {
                    long from = random.nextLong(1, 60);
                    SeqRange range = range(from, from + random.nextLong(-1, 5));
                    some.add(range);
                    expected.addAll(seqs(range));
                }
                union = SeqRanges.union(union, some);
            }
            assertEquals(
                    List.copyOf(expected),
                    union.stream().flatMap(range -> seqs(range).stream()).toList(),
                    "-Dtidings.seed=" + seed);
            assertApart(union, seed);
        }
    }

    private static void assertApart(List<SeqRange> union, long seed) {
        for (int i = 1; i < union.size(); i++) {
            long gap = union.get(i).getFromSeq() - union.get(i - 1).getToSeq() - 1;
            assertEquals(1, Math.min(1, gap), "-Dtidings.seed=" + seed + ": " + union);
        }
    }

    private static List<Long> seqs(SeqRange range) {
        return LongStream.rangeClosed(range.getFromSeq(), range.getToSeq())
                .boxed()
                .toList();
    }

    private static SeqRange range(long from, long to) {
        return SeqRange.newBuilder().setFromSeq(from).setToSeq(to).build();
    }
}
