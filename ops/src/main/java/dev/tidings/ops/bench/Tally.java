package dev.tidings.ops.bench;

import java.util.concurrent.atomic.LongAdder;

/** What is counted while a run goes on, warm-up included: for the progress line, and for what no ledger knows. */
final class Tally {

    final LongAdder sent = new LongAdder();
    final LongAdder sequenced = new LongAdder();
    final LongAdder delivered = new LongAdder();
    /** Error frames, frames that could not be read, disconnect frames. */
    final LongAdder errors = new LongAdder();
    /** Connections that were tried, the first of each user included. */
    final LongAdder attempts = new LongAdder();
    /** Connections made after the first of their user. */
    final LongAdder reconnects = new LongAdder();
}
