package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AcksTest {

    private final Acks acks = new Acks();

    @Test
    void nothingArrivedIsNothingToAcknowledge() {
        assertFalse(acks.isDue());
    }

    @Test
    void acknowledgesUpToTheLastFrame() {
        acks.arrived(1);
        acks.arrived(2);

        assertTrue(acks.isDue());
        assertEquals(2, acks.take());
        assertFalse(acks.isDue());
    }

    @Test
    void doesNotAcknowledgeBeyondAHole() {
        acks.arrived(1);
        acks.arrived(3);
        assertEquals(1, acks.take());

        acks.arrived(2);
        assertEquals(3, acks.take());
    }

    @Test
    void aFullBatchIsDueAtOnce() {
        for (int i = 1; i < Acks.BATCH_FRAMES; i++) {
            assertFalse(acks.arrived(i));
        }

        assertTrue(acks.arrived(Acks.BATCH_FRAMES));
    }

    @Test
    void whatIsSentAgainIsAcknowledgedAgain() {
        acks.arrived(1);
        acks.take();

        acks.arrived(1);

        assertTrue(acks.isDue());
        assertEquals(1, acks.take());
    }
}
