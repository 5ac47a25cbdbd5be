package dev.tidings.ops.bench;

/**
 * One message of the run, and what became of it. Times are {@link System#nanoTime()}; 0: has not happened. Guarded by
 * its {@link Ledger}, but for {@link #dueAgainNanos}, which is its sender's.
 */
final class Sent {

    /** Counts the messages of the conversation from 0: frame id and client message id come from it. */
    final int number;
    /** Which of the two users sent it: 0 or 1. */
    final int side;
    /** When it was to be sent: what latency is measured from, however late it really was. */
    final long intendedNanos;

    /** The sender's connection (counted from 1) that carried it first, and how often it was sent in all. */
    int connection;

    int attempts;
    long dueAgainNanos;

    /** The sender's connection over which it was accepted first; 0: it was not. */
    int acceptedOver;

    boolean refused;
    boolean failed;
    long sequencedNanos;
    long seq;
    int messageIdHash;
    boolean messageIdChanged;
    /** Accepted, forgotten, and sequenced only because its sender sent it again over another connection. */
    boolean rescued;

    /** The first time the partner saw it; live or pulled. */
    long deliveredNanos;

    boolean deliveredLive;
    /** The sender saw it himself, as an event. */
    boolean echoed;

    Sent(int number, int side, long intendedNanos) {
        this.number = number;
        this.side = side;
        this.intendedNanos = intendedNanos;
    }

    /** Whether its sender has nothing more to wait for. */
    boolean isAnswered() {
        return sequencedNanos != 0 || refused || failed;
    }

    /** Whether the system has promised it, by accepting or sequencing it. */
    boolean isPromised() {
        return (acceptedOver != 0 || seq != 0) && !refused && !failed;
    }
}
