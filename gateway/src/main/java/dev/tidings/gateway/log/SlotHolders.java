package dev.tidings.gateway.log;

import dev.tidings.v1.GatewayBeat;
import java.util.HashMap;
import java.util.Map;

/** Who holds which slot, as the beats say in the order of the log. Not thread-safe. */
final class SlotHolders {

    private record Held(GatewayBeat beat, long atMillis) {}

    private final Map<Integer, Held> bySlot = new HashMap<>();

    /** @param atMillis when the beat was appended */
    void accept(GatewayBeat beat, long atMillis) {
        Held held = bySlot.get(beat.getSlot());
        boolean counts = held == null
                || beat.getEpoch() > held.beat().getEpoch()
                || (beat.getEpoch() == held.beat().getEpoch()
                        && beat.getInstanceId().equals(held.beat().getInstanceId()));
        if (counts) {
            bySlot.put(beat.getSlot(), new Held(beat, atMillis));
        }
    }

    /** 0 for a slot that nobody ever held. */
    long epochOf(int slot) {
        Held held = bySlot.get(slot);
        return held == null ? 0 : held.beat().getEpoch();
    }

    /** When the slot's holder was last heard of; 0 for a slot that nobody ever held. */
    long lastBeatMillis(int slot) {
        Held held = bySlot.get(slot);
        return held == null ? 0 : held.atMillis();
    }

    boolean holds(int slot, String instanceId) {
        Held held = bySlot.get(slot);
        return held != null && held.beat().getInstanceId().equals(instanceId);
    }

    /**
     * The lowest slot without a holder that beats.
     *
     * @throws IllegalStateException where there is none
     */
    int free(int slots, long lapsedBeforeMillis) {
        for (int slot = 0; slot < slots; slot++) {
            Held held = bySlot.get(slot);
            if (held == null
                    || held.beat().getState() == GatewayBeat.State.STOPPED
                    || held.atMillis() < lapsedBeforeMillis) {
                return slot;
            }
        }
        throw new IllegalStateException("all " + slots + " gateway slots are taken (topics.gateway-slots)");
    }
}
