package dev.tidings.processors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TransactionWatchTest {

    private static final String ALIVE = "0b5b9d0a-2f3c-4a58-9b39-3a1f3c1d2e4f";
    private static final String DEAD = "9e8d7c6b-5a49-4838-a726-151403f2e1d0";

    @Test
    void a_transaction_of_a_process_outside_the_group_is_abandoned() {
        assertEquals(
                Set.of("tidings-inbox-" + DEAD + "-1", "tidings-inbox-" + DEAD + "-12"),
                TransactionWatch.abandoned(
                        List.of(
                                "tidings-inbox-" + ALIVE + "-1",
                                "tidings-inbox-" + DEAD + "-1",
                                "tidings-inbox-" + DEAD + "-12"),
                        "tidings-inbox",
                        Set.of(ALIVE)));
    }

    @Test
    void transactions_of_other_applications_are_left_alone() {
        assertEquals(
                Set.of(),
                TransactionWatch.abandoned(
                        List.of(
                                "tidings-conversation-" + DEAD + "-1",
                                "connect-cluster-tidings-1",
                                "shop",
                                "tidings-inbox-"),
                        "tidings-inbox",
                        Set.of()));
    }
}
