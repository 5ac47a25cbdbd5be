package dev.tidings.connectors.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

    private static final long NOW = Duration.ofDays(20_000).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    @Test
    void an_event_is_over_once_the_days_of_its_kind_have_passed() {
        RetentionPolicy policy = new RetentionPolicy(Map.of(RetentionClass.PRIVATE, 10));

        assertTrue(policy.isOver("p:a:b", NOW - 10 * DAY, NOW));
        assertFalse(policy.isOver("p:a:b", NOW - 10 * DAY + 1, NOW));
        assertFalse(policy.isOver("g:team", 0, NOW));
        assertFalse(policy.isOver("unknown", 0, NOW));
    }

    @Test
    void every_prefix_of_an_id_is_a_kind() {
        assertEquals(Optional.of(RetentionClass.PRIVATE), RetentionClass.ofConversation("p:a:b"));
        assertEquals(Optional.of(RetentionClass.GROUP), RetentionClass.ofConversation("g:a"));
        assertEquals(Optional.of(RetentionClass.ROOM), RetentionClass.ofConversation("r:a"));
        assertEquals(Optional.of(RetentionClass.SYSTEM), RetentionClass.ofConversation("s:a"));
        assertEquals(Optional.of(RetentionClass.BROADCAST), RetentionClass.ofConversation("b:a"));
        assertEquals(Optional.empty(), RetentionClass.ofConversation("audit"));
    }

    @Test
    void days_out_of_range_are_refused() {
        assertEquals(
                RetentionPolicy.MAX_DAYS,
                RetentionPolicy.of(retained -> RetentionPolicy.MAX_DAYS).days(RetentionClass.AUDIT));
        IllegalArgumentException wrong = assertThrows(
                IllegalArgumentException.class, () -> new RetentionPolicy(Map.of(RetentionClass.AUDIT, 10_951)));
        assertEquals("the retention of audit is 10951 days; 0 to 10950 are allowed", wrong.getMessage());
    }
}
