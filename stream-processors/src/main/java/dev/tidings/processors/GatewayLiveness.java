package dev.tidings.processors;

import com.google.protobuf.Timestamp;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GatewayGone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Detects gateways whose heartbeats have stopped. A gateway that stops as planned reports itself before its last
 * heartbeat, which has state {@code STOPPED}. After a gap between two reads every gateway's timeout starts again,
 * because the reader may have missed heartbeats. Not thread-safe.
 *
 * <pre>
 *           heartbeat            7 s without a heartbeat
 * unknown ───────────▶ alive ─────────────────────────────▶ gone ───────────▶ reported
 *                       │▲                                    │                 │ ▲
 *                       │└────────────── heartbeat ───────────┴─────────────────┘ │
 *                       └────────────────────── STOPPED ──────────────────────────┘
 * </pre>
 */
final class GatewayLiveness {

    static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(7);

    /** The longest time between two complete reads after which a missing heartbeat still counts. */
    static final Duration MAX_READ_GAP = Duration.ofSeconds(3);

    private final int slots;
    private final TreeMap<Integer, LastBeat> bySlot = new TreeMap<>();
    private long readAllMillis;

    private record LastBeat(long epoch, Timestamp beatAt, long atMillis, boolean reported) {
        GatewayGone gone(int slot) {
            return GatewayGone.newBuilder()
                    .setGatewaySlot(slot)
                    .setGatewayEpoch(epoch)
                    .setLastBeatAt(beatAt)
                    .build();
        }
    }

    /**
     * @param slots number of gateway slots; heartbeats of other slots are ignored
     * @param nowMillis monotonic time
     */
    GatewayLiveness(int slots, long nowMillis) {
        this.slots = slots;
        this.readAllMillis = nowMillis;
    }

    /** Accepts a heartbeat, in log order. Ignores heartbeats of an epoch before the slot's newest. */
    void accept(GatewayBeat beat, long nowMillis) {
        if (beat.getSlot() < 0 || beat.getSlot() >= slots) {
            return;
        }
        LastBeat last = bySlot.get(beat.getSlot());
        if (last == null || beat.getEpoch() >= last.epoch()) {
            boolean reported = beat.getState() == GatewayBeat.State.STOPPED;
            bySlot.put(beat.getSlot(), new LastBeat(beat.getEpoch(), beat.getBeatAt(), nowMillis, reported));
        }
    }

    /**
     * Returns the gateways that are gone and not yet reported, ordered by slot. All heartbeats up to now must have been
     * accepted.
     */
    List<GatewayGone> gone(long nowMillis) {
        if (nowMillis - readAllMillis > MAX_READ_GAP.toMillis()) {
            bySlot.replaceAll((slot, last) -> new LastBeat(last.epoch(), last.beatAt(), nowMillis, last.reported()));
        }
        readAllMillis = nowMillis;
        List<GatewayGone> gone = new ArrayList<>();
        bySlot.forEach((slot, last) -> {
            if (!last.reported() && nowMillis - last.atMillis() > HEARTBEAT_TIMEOUT.toMillis()) {
                gone.add(last.gone(slot));
            }
        });
        return gone;
    }

    /** Marks a gateway as reported. */
    void reported(GatewayGone gone) {
        bySlot.computeIfPresent(
                gone.getGatewaySlot(),
                (slot, last) -> last.epoch() == gone.getGatewayEpoch()
                        ? new LastBeat(last.epoch(), last.beatAt(), last.atMillis(), true)
                        : last);
    }
}
