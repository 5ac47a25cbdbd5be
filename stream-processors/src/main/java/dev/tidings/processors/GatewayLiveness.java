package dev.tidings.processors;

import com.google.protobuf.Timestamp;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GatewayGone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Detects gateways whose heartbeats have stopped. A reader that was itself unable to read for a while draws no
 * conclusions: every gateway's timeout starts again. Not thread-safe.
 *
 * <pre>
 *           heartbeat            7 s without a heartbeat
 * unknown ───────────▶ alive ─────────────────────────────▶ gone ───────────▶ reported
 *                        ▲                                    │               │
 *                        └─────────────── heartbeat ──────────┴───────────────┘
 * </pre>
 */
final class GatewayLiveness {

    static final Duration PATIENCE = Duration.ofSeconds(7);

    /** The longest time between two complete reads after which silence still proves anything. */
    static final Duration SIGHT = Duration.ofSeconds(3);

    private final int slots;
    private final TreeMap<Integer, Heard> bySlot = new TreeMap<>();
    private long seenAllMillis;

    private record Heard(long epoch, Timestamp beatAt, long atMillis, boolean told) {
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
        this.seenAllMillis = nowMillis;
    }

    /** Accepts a heartbeat, in log order. Ignores heartbeats of an epoch before the slot's newest. */
    void accept(GatewayBeat beat, long nowMillis) {
        if (beat.getSlot() < 0 || beat.getSlot() >= slots) {
            return;
        }
        Heard heard = bySlot.get(beat.getSlot());
        if (heard == null || beat.getEpoch() >= heard.epoch()) {
            bySlot.put(beat.getSlot(), new Heard(beat.getEpoch(), beat.getBeatAt(), nowMillis, false));
        }
    }

    /**
     * Returns the gateways that are gone and not yet reported, ordered by slot. All heartbeats up to now must have been
     * accepted.
     */
    List<GatewayGone> gone(long nowMillis) {
        if (nowMillis - seenAllMillis > SIGHT.toMillis()) {
            bySlot.replaceAll((slot, heard) -> new Heard(heard.epoch(), heard.beatAt(), nowMillis, heard.told()));
        }
        seenAllMillis = nowMillis;
        List<GatewayGone> gone = new ArrayList<>();
        bySlot.forEach((slot, heard) -> {
            if (!heard.told() && nowMillis - heard.atMillis() > PATIENCE.toMillis()) {
                gone.add(heard.gone(slot));
            }
        });
        return gone;
    }

    /** Marks a gateway as reported. */
    void told(GatewayGone gone) {
        bySlot.computeIfPresent(
                gone.getGatewaySlot(),
                (slot, heard) -> heard.epoch() == gone.getGatewayEpoch()
                        ? new Heard(heard.epoch(), heard.beatAt(), heard.atMillis(), true)
                        : heard);
    }
}
