package dev.tidings.ops.rebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RebuildPlanTest {

    @Test
    void a_plan_is_read_as_it_was_written() {
        RebuildPlan plan = new RebuildPlan(
                604_800_000,
                Map.of(
                        new TopicPartition("tidings.commands", 0), 17L,
                        new TopicPartition("tidings.commands", 1), 0L,
                        new TopicPartition("tidings.user-commands", 0), 4L));

        assertEquals("""
                inbox-retention-millis 604800000
                tidings.commands 0 17
                tidings.commands 1 0
                tidings.user-commands 0 4
                """, plan.toText());
        assertEquals(plan, RebuildPlan.parse(plan.toText()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "tidings.commands 0 17\n", "inbox-retention-millis soon\n", "inbox-retention-millis 1\nx\n"})
    void a_text_that_is_no_plan_is_refused(String text) {
        assertThrows(CannotRebuildException.class, () -> RebuildPlan.parse(text));
    }
}
