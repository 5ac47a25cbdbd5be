package dev.tidings.ops.bench;

import java.util.concurrent.atomic.LongAdder;

/** When those who had dropped knocked again, and how often it was in vain; all users together. Thread-safe. */
final class StormTimes {

    /** Connections that were tried. */
    final Spread attempted = new Spread();
    /** Sockets that opened. */
    final Spread opened = new Spread();
    /** Attempts that did not lead to a session, whether or not there was advice. */
    final LongAdder failed = new LongAdder();
    /** Sessions that ended with the advice when to come back, because the gateway stops. Who comes too late has none. */
    final LongAdder advisedDraining = new LongAdder();
    /** Sent away with the advice when to come back, because too many come at once. */
    final LongAdder advisedOverloaded = new LongAdder();
    /** Ranges of history that were asked for. */
    final LongAdder pulls = new LongAdder();
}
