package dev.tidings.processors;

import static dev.tidings.processors.TestRecords.at;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GatewayGone;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayLivenessTest {

    private static final int SLOTS = 4;

    private final GatewayLiveness liveness = new GatewayLiveness(SLOTS, 0);
    private long nowMillis;

    @Test
    void a_gateway_with_heartbeats_is_not_gone() {
        for (int i = 0; i < 20; i++) {
            beat(1, 1);
            assertEquals(List.of(), after(2_000));
        }
    }

    @Test
    void a_gateway_silent_for_more_than_7_s_is_gone_since_its_last_heartbeat() {
        beat(1, 3);

        assertEquals(List.of(), after(7_000));
        assertEquals(List.of(gone(1, 3, 0)), after(1));
    }

    @Test
    void a_reported_gateway_is_not_reported_again() {
        beat(1, 3);
        after(8_000).forEach(liveness::reported);

        assertEquals(List.of(), after(60_000));
    }

    @Test
    void a_failed_report_is_repeated() {
        beat(1, 3);
        after(8_000);

        assertEquals(List.of(gone(1, 3, 0)), after(1_000));
    }

    @Test
    void a_gateway_that_returns_can_be_gone_again() {
        beat(1, 3);
        after(8_000).forEach(liveness::reported);
        beat(1, 3);

        assertEquals(List.of(), after(5_000));
        assertEquals(List.of(gone(1, 3, 8)), after(3_000));
    }

    @Test
    void heartbeats_of_an_earlier_epoch_do_not_count() {
        beat(1, 3);
        after(5_000);
        beat(1, 2);

        assertEquals(List.of(gone(1, 3, 0)), after(3_000));
    }

    @Test
    void a_new_holder_of_the_slot_has_an_own_timeout() {
        beat(1, 3);
        after(5_000);
        beat(1, 4);

        assertEquals(List.of(), after(6_000));
        assertEquals(List.of(gone(1, 4, 5)), after(2_000));
    }

    @Test
    void a_report_of_the_old_holder_does_not_cover_the_new_one() {
        beat(1, 3);
        List<GatewayGone> gone = after(8_000);
        beat(1, 4);
        gone.forEach(liveness::reported);

        assertEquals(List.of(gone(1, 4, 8)), after(8_000));
    }

    @Test
    void several_gateways_are_reported_in_the_order_of_slots() {
        beat(2, 1);
        beat(0, 7);

        assertEquals(List.of(gone(0, 7, 0), gone(2, 1, 0)), after(8_000));
    }

    @Test
    void a_reader_that_was_blocked_restarts_all_timeouts() {
        beat(1, 3);
        nowMillis += 60_000;

        assertEquals(List.of(), liveness.gone(nowMillis));
        assertEquals(List.of(), after(7_000));
        assertEquals(List.of(gone(1, 3, 0)), after(1));
    }

    @Test
    void a_gateway_that_has_stopped_as_planned_is_not_reported_again() {
        beat(1, 3);
        stopped(1, 3);

        assertEquals(List.of(), after(60_000));
    }

    @Test
    void a_gateway_that_follows_a_stopped_one_can_be_gone() {
        stopped(1, 3);
        beat(1, 4);

        assertEquals(List.of(gone(1, 4, 0)), after(8_000));
    }

    @Test
    void a_late_stop_of_the_old_holder_does_not_cover_the_new_one() {
        beat(1, 4);
        stopped(1, 3);

        assertEquals(List.of(gone(1, 4, 0)), after(8_000));
    }

    @Test
    void heartbeats_of_unknown_slots_are_ignored() {
        beat(-1, 1);
        beat(SLOTS, 1);

        assertEquals(List.of(), after(8_000));
    }

    private void beat(int slot, long epoch) {
        accept(slot, epoch, GatewayBeat.State.RUNNING);
    }

    private void stopped(int slot, long epoch) {
        accept(slot, epoch, GatewayBeat.State.STOPPED);
    }

    private void accept(int slot, long epoch, GatewayBeat.State state) {
        liveness.accept(
                GatewayBeat.newBuilder()
                        .setSlot(slot)
                        .setEpoch(epoch)
                        .setState(state)
                        .setBeatAt(at(nowMillis / 1000))
                        .build(),
                nowMillis);
    }

    /** Checks once a second, as the watch does. */
    private List<GatewayGone> after(long millis) {
        long until = nowMillis + millis;
        List<GatewayGone> gone = List.of();
        while (nowMillis < until) {
            nowMillis = Math.min(until, nowMillis + 1_000);
            gone = liveness.gone(nowMillis);
        }
        return gone;
    }

    private static GatewayGone gone(int slot, long epoch, long lastBeatSeconds) {
        return GatewayGone.newBuilder()
                .setGatewaySlot(slot)
                .setGatewayEpoch(epoch)
                .setLastBeatAt(at(lastBeatSeconds))
                .build();
    }
}
