package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CommandOrderTest {

    private static final long PAUSE = CommandOrder.PAUSE.toNanos();

    private final CommandOrder order = new CommandOrder();

    @Test
    void commands_are_appended_as_long_as_none_fails() {
        assertTrue(order.mayAppend(0));
    }

    @Test
    void after_a_command_that_was_not_appended_none_is_for_a_second() {
        order.notAppended(5);

        assertFalse(order.mayAppend(5));
        assertFalse(order.mayAppend(5 + PAUSE - 1));
        assertTrue(order.mayAppend(5 + PAUSE));
        assertTrue(order.mayAppend(5));
    }
}
