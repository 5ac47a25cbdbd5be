package dev.tidings.ops.bench.client;

/** A client that takes part in a run and needs periodic calls. */
public interface Participant {

    /** Does what is due: reconnects, heartbeats, acknowledgements, retries, pulls. The run calls it every 50 ms. */
    void tick(long nowNanos);

    /** Whether live events reach the client. */
    boolean isReady();

    /** The last failure since the last session began, or an empty string. */
    String lastTrouble();
}
