package dev.tidings.ops.bench;

/** Somebody in a run who has to be kept going. */
interface Participant {

    /** Does what is due. To be called every 50 ms or so. */
    void tick(long nowNanos);

    /** Whether what happens reaches the client. */
    boolean isReady();

    /** What went wrong since the last connection, or nothing. */
    String lastTrouble();
}
