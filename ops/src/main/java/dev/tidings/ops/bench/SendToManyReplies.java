package dev.tidings.ops.bench;

import dev.tidings.v1.BusinessReply;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The replies to requests that send to many users: one for each recipient, whose user id ends with their number. Not thread-safe. */
final class SendToManyReplies {

    private final BitSet answered = new BitSet();
    private final Histogram requestToReply = new Histogram(TimeUnit.HOURS.toNanos(24), 3);
    private final int perRequest;
    private final long[] sentNanos;
    private long doubled;
    private long refused;
    private long lastNanos;

    SendToManyReplies(int requests, int perRequest) {
        this.sentNanos = new long[requests];
        this.perRequest = perRequest;
    }

    void sent(int request, long nowNanos) {
        sentNanos[request] = nowNanos;
    }

    /** Returns whether it is the first reply that says that this recipient has a message. */
    boolean received(BusinessReply reply, long nowNanos) {
        if (!reply.hasSequenced()) {
            refused++;
            return false;
        }
        String conversation = reply.getSequenced().getConversationId();
        int recipient = Integer.parseInt(conversation.substring(conversation.lastIndexOf('-') + 1));
        if (answered.get(recipient)) {
            doubled++;
            return false;
        }
        answered.set(recipient);
        lastNanos = nowNanos;
        requestToReply.recordValue(nowNanos - sentNanos[recipient / perRequest]);
        return true;
    }

    /** Recipients whose message was sequenced. */
    int answered() {
        return answered.cardinality();
    }

    /** Further replies to recipients who have one. */
    long doubled() {
        return doubled;
    }

    long refused() {
        return refused;
    }

    /** When the last recipient was answered; 0: none was. */
    long lastNanos() {
        return lastNanos;
    }

    /** Returns the times from request to reply, in nanoseconds. */
    Histogram requestToReply() {
        return requestToReply;
    }
}
