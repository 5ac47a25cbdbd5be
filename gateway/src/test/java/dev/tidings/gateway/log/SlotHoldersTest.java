package dev.tidings.gateway.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.GatewayBeat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotHoldersTest {

    private final SlotHolders holders = new SlotHolders();

    @Test
    void the_first_of_two_claims_with_one_epoch_holds_the_slot() {
        holders.accept(running(0, 1, "first"), 10);
        holders.accept(running(0, 1, "second"), 11);

        assertTrue(holders.holds(0, "first"));
        assertFalse(holders.holds(0, "second"));
    }

    @Test
    void a_higher_epoch_takes_over() {
        holders.accept(running(0, 1, "old"), 10);
        holders.accept(running(0, 2, "new"), 11);
        holders.accept(running(0, 1, "old"), 12);

        assertTrue(holders.holds(0, "new"));
        assertEquals(2, holders.epochOf(0));
    }

    @Test
    void the_lowest_slot_that_was_never_held_or_whose_holder_stopped_or_is_silent_is_free() {
        holders.accept(running(0, 1, "alive"), 100);
        assertEquals(1, holders.findFree(3, 50));

        holders.accept(running(1, 1, "silent"), 40);
        assertEquals(1, holders.findFree(3, 50));

        holders.accept(running(1, 2, "alive too"), 100);
        holders.accept(running(2, 1, "done"), 100);
        holders.accept(beat(2, 1, "done", GatewayBeat.State.STOPPED), 101);
        assertEquals(2, holders.findFree(3, 50));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10_000, 600_000, -600_000})
    void a_slot_lapses_by_the_time_of_the_log_and_not_by_the_clock_of_its_holder(long aheadMillis) {
        long logMillis = 1_700_000_000_000L;
        GatewayBeat beat = running(0, 1, "alive").toBuilder()
                .setBeatAt(Timestamps.fromMillis(logMillis + aheadMillis))
                .build();

        holders.accept(beat, logMillis);

        assertEquals(1, holders.findFree(2, logMillis));
        assertEquals(0, holders.findFree(2, logMillis + 1));
        assertEquals(logMillis, holders.lastBeatMillis(0));
    }

    @Test
    void gateways_that_stopped_or_are_silent_do_not_run() {
        holders.accept(running(2, 1, "alive"), 100);
        holders.accept(running(0, 1, "alive too"), 50);
        holders.accept(running(1, 1, "silent"), 49);
        holders.accept(beat(3, 1, "done", GatewayBeat.State.STOPPED), 100);

        assertEquals(
                List.of(0, 2),
                holders.running(50).stream().map(GatewayBeat::getSlot).toList());
    }

    @Test
    void the_time_of_the_last_heartbeat_of_a_slot_is_known() {
        holders.accept(running(0, 1, "alive"), 10);
        holders.accept(running(0, 1, "alive"), 20);

        assertEquals(20, holders.lastBeatMillis(0));
        assertEquals(0, holders.lastBeatMillis(1));
    }

    @Test
    void no_slot_is_free_when_all_are_taken() {
        holders.accept(running(0, 1, "alive"), 100);

        assertThrows(IllegalStateException.class, () -> holders.findFree(1, 50));
    }

    private static GatewayBeat running(int slot, long epoch, String instance) {
        return beat(slot, epoch, instance, GatewayBeat.State.RUNNING);
    }

    private static GatewayBeat beat(int slot, long epoch, String instance, GatewayBeat.State state) {
        return GatewayBeat.newBuilder()
                .setSlot(slot)
                .setEpoch(epoch)
                .setInstanceId(instance)
                .setState(state)
                .build();
    }
}
