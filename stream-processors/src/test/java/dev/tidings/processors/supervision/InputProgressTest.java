package dev.tidings.processors.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class InputProgressTest {

    private static final TopicPartition PARTITION = new TopicPartition("tidings.commands", 1);
    private static final List<String> STALLED = List.of("no progress on tidings.commands-1 for 30 s, at offset 5");

    private final InputProgress progress = new InputProgress();
    private long nanos = -7;

    @Test
    void a_record_that_was_handed_over_and_is_not_committed_for_30_seconds_is_a_stall() {
        progress.handedOver(PARTITION, 5);
        observe(5);
        pass(29);
        observe(5);
        assertEquals(List.of(), progress.stalled());

        pass(1);
        observe(5);

        assertEquals(STALLED, progress.stalled());
    }

    @Test
    void records_that_are_not_fetched_are_a_stall() {
        progress.fetched(PARTITION, 5, 3);
        observe(5);
        pass(30);
        observe(5);

        assertEquals(STALLED, progress.stalled());
    }

    @Test
    void a_commit_ends_a_stall_despite_a_remaining_lag() {
        progress.fetched(PARTITION, 5, 1_000_000);
        observe(5);
        pass(30);
        observe(5);
        assertEquals(STALLED, progress.stalled());

        observe(6);

        assertEquals(List.of(), progress.stalled());
    }

    @Test
    void an_empty_input_is_no_stall_even_if_control_records_follow_the_committed_position() {
        progress.handedOver(PARTITION, 4);
        progress.fetched(PARTITION, 7, 0);
        observe(5);
        pass(3_600);
        observe(5);

        assertEquals(List.of(), progress.stalled());
    }

    @Test
    void a_skipped_last_record_is_no_stall_although_its_position_is_not_committed() {
        progress.handedOver(PARTITION, 5);
        observe(5);
        progress.handedOver(PARTITION, -1);
        progress.fetched(PARTITION, 6, 0);
        observe(5);
        pass(3_600);
        observe(5);

        assertEquals(List.of(), progress.stalled());
    }

    @Test
    void a_revoked_partition_is_not_reported() {
        progress.fetched(PARTITION, 5, 3);
        observe(5);
        pass(30);
        observe(5);

        progress.revoked(PARTITION);

        assertEquals(List.of(), progress.stalled());
    }

    private void pass(long seconds) {
        nanos += seconds * 1_000_000_000;
    }

    private void observe(long committed) {
        progress.observe(Map.of(PARTITION, committed), nanos);
    }
}
