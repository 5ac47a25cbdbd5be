package dev.tidings.ops.replay;

import static dev.tidings.ops.replay.Records.computed;
import static dev.tidings.ops.replay.Records.event;
import static dev.tidings.ops.replay.Records.recorded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.replay.Comparison.Candidate;
import dev.tidings.ops.replay.Finding.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final int ALL = Integer.MAX_VALUE;

    private final long seed = Long.getLong("tidings.seed", new Random().nextLong());
    private final List<Candidate> recorded = new ArrayList<>();
    private final List<EventRecord> computed = new ArrayList<>();

    ComparisonTest() {
        System.out.println("tidings.seed=" + seed);
    }

    @Test
    void equal_records_are_equal() {
        both("a", "b", "c");

        ReplayFindings findings = compared();

        assertCounts(findings, 3, 0, 0, 0);
        assertEquals(List.of(), findings.first());
    }

    @Test
    void a_changed_event_is_found_with_its_offset_and_both_versions() {
        both("a");
        recorded.add(new Candidate(recorded(event("b", "forged")), true));
        computed.add(computed(event("b", "true")));
        both("c");

        ReplayFindings findings = compared();

        assertCounts(findings, 2, 1, 0, 0);
        Finding finding = findings.first().getFirst();
        assertEquals(Kind.DIFFERENT, finding.kind());
        assertEquals(Records.CONVERSATION, finding.conversation());
        assertEquals(7, finding.seq());
        assertEquals(3L, finding.offset());
        assertTrue(String.valueOf(finding.difference()).startsWith("value, from byte "), finding::toString);
        assertTrue(String.valueOf(finding.recorded()).contains("forged"), finding::toString);
        assertTrue(String.valueOf(finding.computed()).contains("true"), finding::toString);
    }

    @Test
    void an_inserted_event_is_missing_and_the_following_are_equal() {
        both("a");
        inRecord("x", "y");
        both("b", "c");

        assertCounts(compared(), 3, 0, 2, 0);
    }

    @Test
    void a_removed_event_is_unexpected_and_the_following_are_equal() {
        both("a");
        inComputed("x", "y");
        both("b", "c");

        assertCounts(compared(), 3, 0, 0, 2);
    }

    @Test
    void an_event_recorded_twice_is_missing_once() {
        both("a");
        inRecord("a");
        both("b");

        assertCounts(compared(), 2, 0, 1, 0);
    }

    @Test
    void an_event_that_cannot_be_read_is_missing() {
        both("a");
        recorded.add(new Candidate(EventRecord.recorded(recorded(new byte[] {(byte) 0xFF})), true));
        both("b");

        ReplayFindings findings = compared();

        assertCounts(findings, 2, 0, 1, 0);
        assertEquals("\"ff\"", findings.first().getFirst().recorded());
    }

    @Test
    void a_recorded_event_whose_command_may_not_be_replayed_is_no_finding() {
        both("a");
        recorded.add(new Candidate(recorded(event("later", "text")), false));

        assertCounts(compared(), 1, 0, 0, 0);
    }

    @Test
    void an_event_in_that_tail_is_compared_if_its_command_was_replayed() {
        recorded.add(new Candidate(recorded(event("a", "text")), false));
        recorded.add(new Candidate(recorded(event("b", "forged")), false));
        inComputed("a", "b");

        assertCounts(compared(), 1, 1, 0, 0);
    }

    @Test
    void computed_events_after_the_end_of_the_record_are_unexpected() {
        both("a");
        inComputed("b", "c");

        assertCounts(compared(), 1, 0, 0, 2);
    }

    @Test
    void all_events_are_missing_if_the_build_makes_none() {
        IntStream.range(0, 3 * Comparison.WINDOW).forEach(i -> inRecord("command" + i));

        ReplayFindings findings = compared();

        assertCounts(findings, 0, 0, 3L * Comparison.WINDOW, 0);
        assertEquals(ReplayFindings.KEPT, findings.first().size());
    }

    @Test
    void events_of_other_commands_throughout_are_all_missing_and_unexpected() {
        IntStream.range(0, 3 * Comparison.WINDOW).forEach(i -> {
            inRecord("recorded" + i);
            inComputed("computed" + i);
        });

        assertCounts(compared(), 0, 0, 3L * Comparison.WINDOW, 3L * Comparison.WINDOW);
    }

    @Test
    void only_events_of_the_compared_range_count() {
        inRecord("x");
        inComputed("y");
        both("a", "b", "c", "d");
        inRecord("x2");
        inComputed("y2");
        both("e");

        assertCounts(compared(2, 2), 2, 0, 0, 0);
    }

    @Test
    void events_at_the_border_of_the_compared_range_count() {
        both("a");
        inRecord("before the first");
        both("b");
        inRecord("after the last");
        both("c");

        assertCounts(compared(1, 1), 1, 0, 2, 0);
    }

    @Test
    void every_kind_of_change_is_counted_as_such() {
        Random random = new Random(seed);
        long equal = 0;
        long different = 0;
        long missing = 0;
        long unexpected = 0;
        for (int i = 0; i < 20_000; i++) {
            String id = "command" + i;
            // now and then a whole stretch is gone, or was put in
            int stretch = random.nextInt(1_000) == 0 ? random.nextInt(Comparison.WINDOW / 4) : 1;
            switch (random.nextInt(20)) {
                case 0 -> {
                    recorded.add(new Candidate(recorded(event(id, "other")), true));
                    computed.add(computed(event(id, "text")));
                    different++;
                }
                case 1 -> {
                    IntStream.range(0, stretch).forEach(n -> inRecord(id + '-' + n));
                    missing += stretch;
                }
                case 2 -> {
                    IntStream.range(0, stretch).forEach(n -> inComputed(id + '-' + n));
                    unexpected += stretch;
                }
                default -> {
                    both(id);
                    equal++;
                }
            }
        }

        assertCounts(compared(), equal, different, missing, unexpected);
    }

    private void both(String... commandIds) {
        inRecord(commandIds);
        inComputed(commandIds);
    }

    private void inRecord(String... commandIds) {
        for (String id : commandIds) {
            recorded.add(new Candidate(recorded(event(id, "text")), true));
        }
    }

    private void inComputed(String... commandIds) {
        for (String id : commandIds) {
            computed.add(computed(event(id, "text")));
        }
    }

    private ReplayFindings compared() {
        return compared(0, ALL);
    }

    /** With so many of the computed events, from one of them on, in the stretch that is compared. */
    private ReplayFindings compared(int from, int count) {
        ReplayFindings findings = new ReplayFindings();
        Iterator<Candidate> source = recorded.iterator();
        Comparison comparison = new Comparison(0, () -> source.hasNext() ? source.next() : null, findings);
        for (int i = 0; i < computed.size(); i++) {
            comparison.computed(computed.get(i), i >= from && i - from < count);
        }
        comparison.end(count == ALL);
        return findings;
    }

    private static void assertCounts(
            ReplayFindings findings, long equal, long different, long missing, long unexpected) {
        assertEquals(
                List.of(equal, different, missing, unexpected),
                List.of(
                        findings.equalEvents(),
                        findings.count(Kind.DIFFERENT),
                        findings.count(Kind.MISSING),
                        findings.count(Kind.UNEXPECTED)));
    }
}
