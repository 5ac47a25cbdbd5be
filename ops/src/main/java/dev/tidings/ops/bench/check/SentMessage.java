package dev.tidings.ops.bench.check;

/**
 * One message of the run: when it was due, how it was answered, and which devices have seen it. Times are {@link
 * System#nanoTime()}; 0: has not happened. Its {@link Ledger} guards it.
 */
public final class SentMessage {

    /** Counts the messages of the conversation from 0. */
    final int number;
    /** The sender's index among the users of the {@link Ledger}, and that of the device that has sent it. */
    final int sender;
    /** When the message was due. Latency counts from here, however late it was really sent. */
    final long intendedNanos;

    /** The sender's connection, counted from 1, that carried the message first. */
    int connection;

    /** How often the message was sent. */
    int attempts;

    /** The sender's connection over which it was accepted first; 0: it was not. */
    int acceptedConnection;

    boolean refused;
    /** The request was answered by an error that is not retryable. */
    boolean failed;

    long sequencedNanos;
    long seq;
    int messageIdHash;
    boolean messageIdChanged;
    /** Accepted over one connection, and sequenced as a new message only after it was sent again over another one. */
    boolean rescued;

    /** When each device first saw the message as an event, live or pulled. The device that has sent it may see it, too. */
    final long[] seenNanos;

    private int receiversReached;

    SentMessage(int number, int sender, int devices, long intendedNanos) {
        this.number = number;
        this.sender = sender;
        this.seenNanos = new long[devices];
        this.intendedNanos = intendedNanos;
    }

    /** The number of the message in its conversation, counted from 0. Frame ids and client message ids contain it. */
    public int number() {
        return number;
    }

    /** Whether the message was sequenced or refused, or failed for good. */
    public boolean isAnswered() {
        return sequencedNanos != 0 || refused || failed;
    }

    /** Whether it was accepted over this connection of its sender. */
    public boolean isAcceptedOver(int connectionNumber) {
        return acceptedConnection == connectionNumber;
    }

    /** Whether the system has promised to deliver the message, by accepting or sequencing it. */
    boolean isPromised() {
        return (acceptedConnection != 0 || seq != 0) && !refused && !failed;
    }

    /** Records that this device sees the message. Returns whether it is the first time. */
    boolean see(int device, long nowNanos) {
        if (seenNanos[device] != 0) {
            return false;
        }
        seenNanos[device] = nowNanos;
        receiversReached += device == sender ? 0 : 1;
        return true;
    }

    /** Whether this device has the message: as an event, or because it has sent it and knows its seq. */
    boolean isHeldBy(int device) {
        return seenNanos[device] != 0 || (device == sender && sequencedNanos != 0);
    }

    /** How many devices have not seen the message. All except the one that has sent it are receivers. */
    int unreachedReceivers() {
        return seenNanos.length - 1 - receiversReached;
    }
}
