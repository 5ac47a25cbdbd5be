package dev.tidings.processors.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GuardedConsumerTest {

    @Test
    void a_partition_that_is_read_to_its_end_has_no_lag_although_it_has_later_records() {
        assertEquals(0, GuardedConsumer.lagBefore(100, 100, 7));
    }

    @Test
    void a_partition_that_is_past_its_end_has_no_lag() {
        assertEquals(0, GuardedConsumer.lagBefore(100, 102, 5));
    }

    @Test
    void records_before_the_end_are_a_lag() {
        assertEquals(60, GuardedConsumer.lagBefore(100, 40, 67));
        assertEquals(20, GuardedConsumer.lagBefore(100, 40, 20));
    }
}
