package dev.tidings.ops.bench;

/** The fault that a {@link FakeGateway} makes with every fiftieth message. */
enum Fault {
    NONE,
    /** Sequenced, and then lost. */
    LOSE,
    /** Accepted, but not sequenced. */
    SWALLOW,
    /** Kept in history, never delivered live. */
    HIDE,
    /** Sequenced and delivered twice, with two seqs. */
    DUPLICATE,
    /** Delivered after the one that comes after it. */
    DELIVER_LATE,
    /** Sequenced after the one that its sender sent after it. */
    SEQUENCE_LATE,
    /** A seq is left out before it. */
    GAP,
    /** Delivered twice, with one seq. */
    REDELIVER,
    /** Delivered with another text. */
    ALTER,
    /** Refused. */
    REFUSE,
    /** Answered by a retryable error. */
    FAIL,
    /** Sequenced, but all connections are lost before the answer and the deliveries. */
    CUT
}
