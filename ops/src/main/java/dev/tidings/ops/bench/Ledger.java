package dev.tidings.ops.bench;

import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Sequenced;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One private conversation as its two users saw it: every message that was sent, every answer, every event that
 * arrived. Whatever contradicts the promise is noted here. Knows no clock and no network; safe for several threads.
 */
final class Ledger {

    /** Stands in the sequence for an event that is none of our messages. */
    private static final Sent FOREIGN = new Sent(-1, -1, 0);

    /** As many events as one pull answers at most. */
    static final int MAX_PULL_EVENTS = 200;

    private record Conflict(int number, long seq) {}

    private final String[] users;
    private final Content content;
    private final List<Sent> messages = new ArrayList<>();
    private final Map<Long, Sent> bySeq = new HashMap<>();
    private final Set<Conflict> conflicts = new HashSet<>();
    private final long[] newestLive = new long[2];
    private final long[] contiguous = new long[2];
    private long newest;
    private long changedIds;
    private long outOfOrderLive;
    private long redelivered;
    private long foreign;

    Ledger(String first, String second, Content content) {
        this.users = new String[] {first, second};
        this.content = content;
    }

    static String clientMsgId(int number) {
        return "m" + number;
    }

    synchronized Sent intend(int side, long intendedNanos) {
        Sent message = new Sent(messages.size(), side, intendedNanos);
        messages.add(message);
        return message;
    }

    synchronized void transmitted(Sent message, int connection) {
        if (message.attempts++ == 0) {
            message.connection = connection;
        }
    }

    /** A new connection of this user: what comes live over it need not follow what came over the last one. */
    synchronized void connected(int side) {
        newestLive[side] = 0;
    }

    /** The message with this number if this user sent it, or null. */
    synchronized @Nullable Sent sentBy(int side, int number) {
        boolean known = number >= 0 && number < messages.size() && messages.get(number).side == side;
        return known ? messages.get(number) : null;
    }

    synchronized void accepted(Sent message, int connection) {
        if (message.acceptedOver == 0) {
            message.acceptedOver = connection;
        }
    }

    synchronized void refused(Sent message) {
        message.refused = true;
    }

    /** Nothing was decided, and nothing will be: the request itself was wrong. */
    synchronized void failed(Sent message) {
        message.failed = true;
    }

    /**
     * The answer to a message, over this connection of its sender. Returns whether it is the first.
     *
     * <p>A message that was accepted over one connection and sent again over the next must be a duplicate there: the
     * first command is before the second in the log. If it is news, the first was forgotten.
     */
    synchronized boolean sequenced(Sent message, Sequenced answer, int connection, long nowNanos) {
        place(message, answer.getSeq(), answer.getMessageId());
        boolean first = message.sequencedNanos == 0;
        if (first) {
            message.sequencedNanos = nowNanos;
            message.rescued = !answer.getDuplicate() && message.acceptedOver != 0 && message.acceptedOver != connection;
        }
        return first;
    }

    /** An answer that fits nothing that was asked, or an event of another conversation. */
    synchronized void foreign() {
        foreign++;
    }

    /** Returns whether this is a message's first appearance at its receiver. */
    synchronized boolean arrived(int receiver, ConversationEvent event, boolean live, long nowNanos) {
        if (event.getSeq() < 1 && !event.hasMessageSent()) {
            return false;
        }
        Sent message = event.hasMessageSent() ? find(event.getMessageSent()) : null;
        if (message == null || event.getSeq() < 1) {
            foreign++;
            bySeq.putIfAbsent(event.getSeq(), FOREIGN);
            return false;
        }
        place(message, event.getSeq(), event.getMessageSent().getMessageId());
        if (message.side == receiver) {
            message.echoed = true;
            return false;
        }
        boolean first = message.deliveredNanos == 0;
        if (first) {
            message.deliveredNanos = nowNanos;
        }
        if (live) {
            noteLive(receiver, message, event.getSeq(), first);
        }
        return first;
    }

    /** The oldest stretch of the conversation that this user does not know yet, or null where none is missing. */
    synchronized @Nullable SeqRange missing(int side) {
        long from = contiguous[side] + 1;
        while (from <= newest && knows(side, from)) {
            contiguous[side] = from++;
        }
        if (from > newest) {
            return null;
        }
        long to = from;
        while (to < newest && to - from + 1 < MAX_PULL_EVENTS && !knows(side, to + 1)) {
            to++;
        }
        return new SeqRange(from, to);
    }

    /** Up to where this user knows the conversation without a hole. */
    synchronized long contiguous(int side) {
        return missing(side) == null ? newest : contiguous[side];
    }

    /** Whether every message was answered, and those with a place in the conversation were delivered. */
    synchronized boolean isSettled() {
        return messages.stream().allMatch(message -> message.isAnswered() && !isUndelivered(message));
    }

    synchronized void audit(Verdict verdict, long measuredFromNanos) {
        verdict.duplicated += conflicts.size() + changedIds;
        verdict.outOfOrder += outOfOrderLive + sequencedInAnotherOrder();
        verdict.gaps += newest - bySeq.keySet().stream().filter(seq -> seq >= 1).count();
        verdict.redelivered += redelivered;
        verdict.foreign += foreign;
        for (Sent message : messages) {
            verdict.lost += isUndelivered(message) ? 1 : 0;
            verdict.rescued += message.rescued ? 1 : 0;
            verdict.unanswered += message.isAnswered() ? 0 : 1;
            verdict.recovered += message.deliveredNanos != 0 && !message.deliveredLive ? 1 : 0;
            verdict.resent += Math.max(0, message.attempts - 1);
            if (message.intendedNanos >= measuredFromNanos) {
                verdict.measure(message);
            }
        }
    }

    private static boolean isUndelivered(Sent message) {
        return message.isPromised() && message.deliveredNanos == 0;
    }

    private @Nullable Sent find(MessageSent sent) {
        String id = sent.getClientMsgId();
        if (!id.startsWith("m") || !sent.getContent().equals(content)) {
            return null;
        }
        try {
            int number = Integer.parseInt(id, 1, id.length(), 10);
            Sent message = number >= 0 && number < messages.size() ? messages.get(number) : null;
            return message != null && users[message.side].equals(sent.getSender()) ? message : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Notes that the message stands at this place, and whether it or another one had been seen elsewhere. */
    private void place(Sent message, long seq, String messageId) {
        Sent holder = bySeq.putIfAbsent(seq, message);
        newest = Math.max(newest, seq);
        if (message.seq == 0) {
            message.seq = seq;
            message.messageIdHash = messageId.hashCode();
        }
        if (message.seq != seq || (holder != null && holder != message)) {
            conflicts.add(new Conflict(message.number, seq));
        } else if (message.messageIdHash != messageId.hashCode() && !message.messageIdChanged) {
            message.messageIdChanged = true;
            changedIds++;
        }
    }

    private void noteLive(int receiver, Sent message, long seq, boolean first) {
        if (first && seq < newestLive[receiver]) {
            outOfOrderLive++;
        }
        if (message.deliveredLive) {
            redelivered++;
        }
        message.deliveredLive = true;
        newestLive[receiver] = Math.max(newestLive[receiver], seq);
    }

    private boolean knows(int side, long seq) {
        Sent message = bySeq.get(seq);
        if (message == null) {
            return false;
        }
        if (message.side == side) {
            return message.sequencedNanos != 0 || message.echoed;
        }
        return message == FOREIGN || message.deliveredNanos != 0;
    }

    /**
     * Messages that stand before one which their sender sent earlier. Only those count that were sent once and over the
     * same connection: whoever sends again gives up the order.
     */
    private long sequencedInAnotherOrder() {
        long count = 0;
        long[] newestSeq = new long[2];
        int[] connection = new int[2];
        for (Sent message : messages) {
            int side = message.side;
            if (message.attempts != 1 || message.seq == 0) {
                continue;
            }
            if (message.connection == connection[side] && message.seq < newestSeq[side]) {
                count++;
            }
            newestSeq[side] =
                    message.connection == connection[side] ? Math.max(newestSeq[side], message.seq) : message.seq;
            connection[side] = message.connection;
        }
        return count;
    }
}
