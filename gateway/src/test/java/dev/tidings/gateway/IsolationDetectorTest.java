package dev.tidings.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IsolationDetectorTest {

    private final IsolationDetector detector = new IsolationDetector();

    @Test
    void a_gateway_is_cut_off_after_several_checks_in_a_row_without_a_heartbeat() {
        for (int check = 1; check < IsolationDetector.CHECKS; check++) {
            assertFalse(detector.check(false));
        }
        assertTrue(detector.check(false));
        assertTrue(detector.check(false));
    }

    @Test
    void a_heartbeat_resets_the_checks() {
        detector.check(false);
        detector.check(true);
        assertFalse(detector.check(false));

        for (int check = 0; check < IsolationDetector.CHECKS; check++) {
            detector.check(false);
        }
        assertFalse(detector.check(true));
    }
}
