package dev.tidings.ops.bench.client;

import java.util.concurrent.atomic.LongAdder;

/** Counts the reconnects of all clients after their connections were dropped. Thread-safe. */
public final class ReconnectCounters {

    /** Connection attempts. */
    public final RateHistogram attempted = new RateHistogram();
    /** WebSockets that opened. */
    public final RateHistogram opened = new RateHistogram();
    /** Attempts that led to no session, with or without advice when to return. */
    public final LongAdder failed = new LongAdder();
    /** Sessions that ended with DRAINING and advice when to return. */
    public final LongAdder advisedDraining = new LongAdder();
    /** Attempts that were rejected with OVERLOADED and advice when to return. */
    public final LongAdder advisedOverloaded = new LongAdder();
    /** Ranges of history that were pulled. */
    public final LongAdder pulls = new LongAdder();
    /** Presences received, before and after the drop: one for each watched user and connect, and changes. */
    public final LongAdder presences = new LongAdder();
}
