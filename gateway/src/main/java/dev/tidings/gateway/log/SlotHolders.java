package dev.tidings.gateway.log;

import dev.tidings.v1.GatewayBeat;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The holder of each gateway slot, by the heartbeats in the order of the log. Not thread-safe. */
final class SlotHolders {

    private record LastBeat(GatewayBeat beat, long atMillis) {}

    private final Map<Integer, LastBeat> bySlot = new HashMap<>();

    /** @param atMillis when the heartbeat was appended */
    void accept(GatewayBeat beat, long atMillis) {
        LastBeat last = bySlot.get(beat.getSlot());
        boolean isHolders = last == null
                || beat.getEpoch() > last.beat().getEpoch()
                || (beat.getEpoch() == last.beat().getEpoch()
                        && beat.getInstanceId().equals(last.beat().getInstanceId()));
        if (isHolders) {
            bySlot.put(beat.getSlot(), new LastBeat(beat, atMillis));
        }
    }

    /** The newest epoch of the slot; 0: it was never held. */
    long epochOf(int slot) {
        LastBeat last = bySlot.get(slot);
        return last == null ? 0 : last.beat().getEpoch();
    }

    /** When the last heartbeat of the slot was appended; 0: it was never held. */
    long lastBeatMillis(int slot) {
        LastBeat last = bySlot.get(slot);
        return last == null ? 0 : last.atMillis();
    }

    boolean holds(int slot, String instanceId) {
        LastBeat last = bySlot.get(slot);
        return last != null && last.beat().getInstanceId().equals(instanceId);
    }

    /** Returns the last heartbeats of the gateways that run, ascending by slot. */
    List<GatewayBeat> running(long lapsedBeforeMillis) {
        return bySlot.values().stream()
                .filter(last ->
                        last.beat().getState() == GatewayBeat.State.RUNNING && last.atMillis() >= lapsedBeforeMillis)
                .map(LastBeat::beat)
                .sorted(Comparator.comparingInt(GatewayBeat::getSlot))
                .toList();
    }

    /**
     * Returns the lowest slot whose holder has stopped, or has appended no heartbeat since the given time.
     *
     * @throws IllegalStateException if there is none
     */
    int findFree(int slots, long lapsedBeforeMillis) {
        for (int slot = 0; slot < slots; slot++) {
            LastBeat last = bySlot.get(slot);
            if (last == null
                    || last.beat().getState() == GatewayBeat.State.STOPPED
                    || last.atMillis() < lapsedBeforeMillis) {
                return slot;
            }
        }
        throw new IllegalStateException(
                "all " + slots + " gateway slots are taken; topics.gateway-slots sets their number");
    }
}
