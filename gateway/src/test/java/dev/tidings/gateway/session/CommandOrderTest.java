package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CommandOrderTest {

    private static final long PAUSE = CommandOrder.PAUSE.toNanos();

    private final CommandOrder order = new CommandOrder();

    @Test
    void commands_are_appended_until_one_fails() {
        assertTrue(order.mayAppend(0));
    }

    @Test
    void no_command_is_appended_for_a_second_after_one_that_failed() {
        order.appendFailed(5);

        assertFalse(order.mayAppend(5));
        assertFalse(order.mayAppend(5 + PAUSE - 1));
        assertTrue(order.mayAppend(5 + PAUSE));
        assertTrue(order.mayAppend(5));
    }
}
