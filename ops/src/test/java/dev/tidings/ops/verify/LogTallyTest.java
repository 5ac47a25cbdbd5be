package dev.tidings.ops.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.verify.Discrepancy.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogTallyTest {

    private final Discrepancies discrepancies = new Discrepancies();
    private final LogTally whole = new LogTally(true, Map.of(), discrepancies, 2);

    @Test
    void adds_up_events_of_each_conversation() {
        whole.add("g:a", 1, 10, true);
        whole.add("g:b", 1, 7, false);
        whole.add("g:a", 2, Long.MAX_VALUE, false);

        ConversationTally tally = whole.get("g:a");
        assertEquals(new EventRange("g:a", 1, 2), tally.range("g:a"));
        assertEquals(2, tally.events());
        assertEquals(1, tally.messages());
        assertEquals(Long.MAX_VALUE + 10, tally.hashSum());
        assertEquals(3, whole.events());
        assertTrue(discrepancies.isEmpty());
    }

    @Test
    void reports_a_gap_as_one_range() {
        whole.add("g:a", 1, 0, true);
        whole.add("g:a", 5, 0, true);

        assertEquals(List.of(new Discrepancy(Store.LOG, Kind.MISSING, "g:a", 2, 4)), discrepancies.first());
        assertEquals(3, discrepancies.count(Store.LOG, Kind.MISSING));
    }

    @Test
    void reports_a_second_event_with_the_same_seq_and_does_not_add_it() {
        whole.add("g:a", 1, 3, true);
        whole.add("g:a", 1, 4, true);

        assertEquals(List.of(new Discrepancy(Store.LOG, Kind.EXTRA, "g:a", 1, 1)), discrepancies.first());
        assertEquals(3, whole.get("g:a").hashSum());
    }

    @Test
    void only_a_log_without_its_beginning_may_start_at_any_seq() {
        new LogTally(false, Map.of(), discrepancies, 2).add("g:a", 9, 0, true);
        assertTrue(discrepancies.isEmpty());

        whole.add("g:a", 9, 0, true);
        assertEquals(List.of(new Discrepancy(Store.LOG, Kind.MISSING, "g:a", 1, 8)), discrepancies.first());
    }

    @Test
    void later_events_are_known_and_not_compared() {
        whole.add("g:a", 1, 0, true);
        whole.addLater("g:a", 3);
        whole.addLater("g:new", 1);

        assertEquals(1, whole.get("g:a").lastSeq());
        assertEquals(3, whole.get("g:a").newestSeq());
        assertTrue(whole.knows("g:new"));
        assertFalse(whole.knows("g:other"));
        assertEquals(List.of("g:a"), whole.conversations());
    }

    @Test
    void events_that_may_be_archived_or_deleted_are_not_compared() {
        LogTally tally = new LogTally(true, Map.of("g:a", 2L), discrepancies, 2);
        tally.add("g:a", 1, 5, true);
        tally.add("g:a", 2, 6, true);
        tally.add("g:a", 3, 7, true);

        assertEquals(new EventRange("g:a", 3, 3), tally.get("g:a").range("g:a"));
        assertEquals(1, tally.get("g:a").events());
        assertEquals(7, tally.get("g:a").hashSum());
        assertTrue(discrepancies.isEmpty());
    }

    @Test
    void too_many_conversations_end_the_comparison() {
        whole.add("g:a", 1, 0, true);
        whole.add("g:b", 1, 0, true);

        CannotVerifyException e = assertThrows(CannotVerifyException.class, () -> whole.add("g:c", 1, 0, true));
        assertEquals("a partition has more than 2 conversations; compare a part of them with --sample", e.getMessage());
    }
}
