package dev.tidings.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CutOffTest {

    private final CutOff cutOff = new CutOff();

    @Test
    void a_gateway_is_cut_off_once_its_beats_have_been_missing_for_some_looks_in_a_row() {
        for (int look = 1; look < CutOff.LOOKS; look++) {
            assertFalse(cutOff.look(false));
        }
        assertTrue(cutOff.look(false));
        assertTrue(cutOff.look(false));
    }

    @Test
    void a_beat_ends_it_and_a_process_that_was_paused_has_time_to_beat() {
        cutOff.look(false);
        cutOff.look(true);
        assertFalse(cutOff.look(false));

        for (int look = 0; look < CutOff.LOOKS; look++) {
            cutOff.look(false);
        }
        assertFalse(cutOff.look(true));
    }
}
