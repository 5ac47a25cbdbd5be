package dev.tidings.ops.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.verify.Discrepancy.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiscrepanciesTest {

    private final Discrepancies discrepancies = new Discrepancies();

    @Test
    void joins_neighbours_of_one_conversation_to_a_range() {
        discrepancies.add(Store.EVENTS, Kind.MISSING, "g:a", 1);
        discrepancies.add(Store.EVENTS, Kind.MISSING, "g:a", 2);
        discrepancies.add(Store.EVENTS, Kind.MISSING, "g:a", 4);
        discrepancies.add(Store.EVENTS, Kind.MISSING, "g:b", 5);
        discrepancies.add(Store.EVENTS, Kind.DIFFERENT, "g:b", 6);

        assertEquals(
                List.of(
                        new Discrepancy(Store.EVENTS, Kind.MISSING, "g:a", 1, 2),
                        new Discrepancy(Store.EVENTS, Kind.MISSING, "g:a", 4, 4),
                        new Discrepancy(Store.EVENTS, Kind.MISSING, "g:b", 5, 5),
                        new Discrepancy(Store.EVENTS, Kind.DIFFERENT, "g:b", 6, 6)),
                discrepancies.first());
        assertEquals(4, discrepancies.count(Store.EVENTS, Kind.MISSING));
    }

    @Test
    void counts_all_and_keeps_the_first() {
        for (int i = 0; i <= Discrepancies.KEPT; i++) {
            discrepancies.add(Store.REDIS, Kind.EXTRA, "g:" + i, 1);
        }
        assertEquals(Discrepancies.KEPT, discrepancies.first().size());
        assertEquals(Discrepancies.KEPT + 1, discrepancies.count(Store.REDIS, Kind.EXTRA));
    }
}
