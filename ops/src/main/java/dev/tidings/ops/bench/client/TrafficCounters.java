package dev.tidings.ops.bench.client;

import java.util.concurrent.atomic.LongAdder;

/** Counts the traffic of all clients of a run, warm-up included. Thread-safe. */
public final class TrafficCounters {

    public final LongAdder sent = new LongAdder();
    public final LongAdder sequenced = new LongAdder();
    public final LongAdder delivered = new LongAdder();
    /** Error frames, frames that could not be read, and disconnect frames. */
    public final LongAdder errors = new LongAdder();
    /** Sessions after the first one of their client. */
    public final LongAdder reconnects = new LongAdder();
}
