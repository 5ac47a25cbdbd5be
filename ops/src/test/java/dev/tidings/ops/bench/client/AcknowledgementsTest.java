package dev.tidings.ops.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {

    private static final long NOW = 5;

    private final Acknowledgements acknowledgements = new Acknowledgements();

    @Test
    void isNotDueBeforeADelivery() {
        assertFalse(acknowledgements.isDue());
    }

    @Test
    void acknowledgesUpToTheLastFrame() {
        acknowledgements.arrived(1);
        acknowledgements.arrived(2);

        assertTrue(acknowledgements.isDue());
        assertEquals(2, take());
        assertFalse(acknowledgements.isDue());
    }

    @Test
    void doesNotAcknowledgeBeyondAGap() {
        acknowledgements.arrived(1);
        acknowledgements.arrived(3);
        assertEquals(1, take());

        acknowledgements.arrived(2);
        assertEquals(3, take());
    }

    @Test
    void aFullBatchIsDueAtOnce() {
        for (int i = 1; i < Acknowledgements.BATCH_FRAMES; i++) {
            assertFalse(acknowledgements.arrived(i));
        }

        assertTrue(acknowledgements.arrived(Acknowledgements.BATCH_FRAMES));
    }

    @Test
    void aRedeliveryIsAcknowledgedAgain() {
        acknowledgements.arrived(1);
        take();

        acknowledgements.arrived(1);

        assertTrue(acknowledgements.isDue());
        assertEquals(1, take());
    }

    @Test
    void isDueAgainAfterTheDelay() {
        acknowledgements.arrived(1);
        assertTrue(acknowledgements.isDue(NOW));
        take();

        acknowledgements.arrived(2);

        assertFalse(acknowledgements.isDue(NOW + TimeUnit.MILLISECONDS.toNanos(99)));
        assertTrue(acknowledgements.isDue(NOW + TimeUnit.MILLISECONDS.toNanos(100)));
    }

    private long take() {
        return acknowledgements.take(NOW).getAck().getUpTo();
    }
}
