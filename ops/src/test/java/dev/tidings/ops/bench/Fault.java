package dev.tidings.ops.bench;

/** What a {@link FakeGateway} does wrong to one message in fifty. */
enum Fault {
    NONE,
    /** Sequenced, and then forgotten. */
    LOSE,
    /** Accepted, and then nothing. */
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
    /** Sequenced, but before anyone hears of it, all users lose their connections. */
    CUT
}
