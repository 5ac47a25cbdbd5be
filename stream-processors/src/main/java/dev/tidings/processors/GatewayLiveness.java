package dev.tidings.processors;

import com.google.protobuf.Timestamp;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GatewayGone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Which gateways have stopped beating, as far as somebody can tell who reads their beats. Whoever could not read for a
 * while cannot tell: then every gateway has its whole time again. Not thread-safe.
 *
 * <pre>
 *             beats                  7 s without a beat
 * unknown ───────────▶ alive ─────────────────────────────▶ gone ──said──▶ told of
 *                        ▲                                    │               │
 *                        └───────────────── beats ────────────┴───────────────┘
 * </pre>
 */
final class GatewayLiveness {

    static final Duration PATIENCE = Duration.ofSeconds(7);

    /** Longer than this without having read everything, and nothing follows from silence. */
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
     * @param slots how many there are; beats of others are none
     * @param nowMillis of a clock that never goes back
     */
    GatewayLiveness(int slots, long nowMillis) {
        this.slots = slots;
        this.seenAllMillis = nowMillis;
    }

    /** In the order of the log. A beat of an earlier epoch than the slot's newest says nothing any more. */
    void accept(GatewayBeat beat, long nowMillis) {
        if (beat.getSlot() < 0 || beat.getSlot() >= slots) {
            return;
        }
        Heard heard = bySlot.get(beat.getSlot());
        if (heard == null || beat.getEpoch() >= heard.epoch()) {
            bySlot.put(beat.getSlot(), new Heard(beat.getEpoch(), beat.getBeatAt(), nowMillis, false));
        }
    }

    /** Who is gone and not told of yet, given that every beat up to now has been accepted. In the order of slots. */
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

    /** Everyone has been told. */
    void told(GatewayGone gone) {
        bySlot.computeIfPresent(
                gone.getGatewaySlot(),
                (slot, heard) -> heard.epoch() == gone.getGatewayEpoch()
                        ? new Heard(heard.epoch(), heard.beatAt(), heard.atMillis(), true)
                        : heard);
    }
}
