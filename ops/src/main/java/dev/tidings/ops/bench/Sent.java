package dev.tidings.ops.bench;

/**
 * One message of the run, and what became of it. Times are {@link System#nanoTime()}; 0: has not happened. Guarded by
 * its {@link Ledger}, but for {@link #dueAgainNanos}, which is its sender's.
 */
final class Sent {

    /** Counts the messages of the conversation from 0: frame id and client message id come from it. */
    final int number;
    /** Who sent it: the place among the users of the {@link Ledger}. */
    final int sender;
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

    /** The first time each of the users saw it as an event, live or pulled; its sender may, too. */
    final long[] seenNanos;

    /** How many of its receivers, all users but its sender, have seen it. */
    private int reached;

    Sent(int number, int sender, int users, long intendedNanos) {
        this.number = number;
        this.sender = sender;
        this.seenNanos = new long[users];
        this.intendedNanos = intendedNanos;
    }

    /** Returns whether this user had not seen it before. */
    boolean see(int user, long nowNanos) {
        if (seenNanos[user] != 0) {
            return false;
        }
        seenNanos[user] = nowNanos;
        reached += user == sender ? 0 : 1;
        return true;
    }

    /** How many of its receivers have not seen it. */
    int unreached() {
        return seenNanos.length - 1 - reached;
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
