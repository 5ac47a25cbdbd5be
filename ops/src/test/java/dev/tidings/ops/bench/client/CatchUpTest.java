package dev.tidings.ops.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.check.SeqRange;
import dev.tidings.v1.Content;
import dev.tidings.v1.Sequenced;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Ledger ledger = new Ledger(List.of("ann", "bob"), Content.getDefaultInstance());
    private final CatchUp catchUp = new CatchUp(ledger, 1);

    @Test
    void pullsNothingBeforeItBegins() {
        assertNull(catchUp.next(0));
    }

    @Test
    void pullsTheNewestIfNothingIsKnownToBeMissing() {
        catchUp.begin(0);

        assertEquals(new SeqRange(1, 0), catchUp.next(0));
    }

    @Test
    void pullsAgainIfNoAnswerArrives() {
        catchUp.begin(0);
        catchUp.next(0);

        assertNull(catchUp.next(SECOND));
        sequenceOne();
        assertEquals(new SeqRange(1, 1), catchUp.next(6 * SECOND));
    }

    @Test
    void pullsAgainAfterAPauseIfHistoryIsBehind() {
        sequenceOne();
        catchUp.begin(0);
        catchUp.next(0);
        catchUp.answered(false, 0);

        assertNull(catchUp.next(SECOND / 4));
        assertEquals(new SeqRange(1, 1), catchUp.next(SECOND));
    }

    @Test
    void endsWhenNothingIsMissingButNotBeforeThreeSeconds() {
        catchUp.begin(0);
        catchUp.next(0);
        catchUp.answered(false, 0);

        assertNull(catchUp.next(SECOND));
        assertTrue(catchUp.isActive());
        assertNull(catchUp.next(4 * SECOND));
        assertFalse(catchUp.isActive());
    }

    private void sequenceOne() {
        ledger.sequenced(ledger.intend(0, 1), Sequenced.newBuilder().setSeq(1).build(), 1, 2);
    }
}
