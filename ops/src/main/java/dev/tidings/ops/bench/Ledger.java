package dev.tidings.ops.bench;

import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Sequenced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One conversation as its users saw it, two or many of them: every message that was sent, every answer, every event that
 * arrived. Whatever contradicts the promise is noted here. Users go by their place in the list of them. Knows no clock and
 * no network; safe for several threads.
 */
final class Ledger {

    /** Stands in the sequence for an event that is none of our messages. */
    private static final Sent FOREIGN = new Sent(-1, -1, 0, 0);

    /** Stands in the sequence for what was brought about by other means than a message; nobody needs to see it. */
    private static final Sent FACT = new Sent(-1, -1, 0, 0);

    /** As many events as one pull answers at most. */
    static final int MAX_PULL_EVENTS = 200;

    private record Conflict(int number, long seq) {}

    /** What is to be remembered of one user. */
    private static final class Reader {
        long newestLive;
        long contiguous;
        /** By number of the message. */
        final BitSet seenLive = new BitSet();
    }

    private final List<String> users;
    private final Reader[] readers;
    private final Content content;
    private final List<Sent> messages = new ArrayList<>();
    private final Map<Long, Sent> bySeq = new HashMap<>();
    private final Set<Conflict> conflicts = new HashSet<>();
    private long newest;
    private long changedIds;
    private long outOfOrderLive;
    private long redelivered;
    private long foreign;

    /** @param users those whose messages and events are noted; the conversation may have more */
    Ledger(List<String> users, Content content) {
        this.users = List.copyOf(users);
        this.readers = new Reader[users.size()];
        Arrays.setAll(readers, user -> new Reader());
        this.content = content;
    }

    static String clientMsgId(int number) {
        return "m" + number;
    }

    synchronized Sent intend(int sender, long intendedNanos) {
        Sent message = new Sent(messages.size(), sender, users.size(), intendedNanos);
        messages.add(message);
        return message;
    }

    synchronized void transmitted(Sent message, int connection) {
        if (message.attempts++ == 0) {
            message.connection = connection;
        }
    }

    /** A new connection of this user: what comes live over it need not follow what came over the last one. */
    synchronized void connected(int user) {
        readers[user].newestLive = 0;
    }

    /** The event at this place is no message; the answer to who brought it about said so. */
    synchronized void fact(long seq) {
        bySeq.put(seq, FACT);
        newest = Math.max(newest, seq);
    }

    /** The system has said that the conversation reaches so far. */
    synchronized void head(long seq) {
        newest = Math.max(newest, seq);
    }

    /** The message with this number if this user sent it, or null. */
    synchronized @Nullable Sent sentBy(int user, int number) {
        boolean known = number >= 0 && number < messages.size() && messages.get(number).sender == user;
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
        if (!event.hasMessageSent() && (event.getSeq() < 1 || bySeq.get(event.getSeq()) == FACT)) {
            return false;
        }
        Sent message = event.hasMessageSent() ? find(event.getMessageSent()) : null;
        if (message == null || event.getSeq() < 1) {
            foreign++;
            bySeq.putIfAbsent(event.getSeq(), FOREIGN);
            return false;
        }
        place(message, event.getSeq(), event.getMessageSent().getMessageId());
        boolean first = message.see(receiver, nowNanos);
        if (message.sender == receiver) {
            return false;
        }
        if (live) {
            noteLive(readers[receiver], message, event.getSeq(), first);
        }
        return first;
    }

    /** The oldest stretch of the conversation that this user does not know yet, or null where none is missing. */
    synchronized @Nullable SeqRange missing(int user) {
        return missing(user, newest);
    }

    /** The same of the conversation up to this seq, which is as far as the user has heard of. */
    synchronized @Nullable SeqRange missing(int user, long last) {
        long from = readers[user].contiguous + 1;
        while (from <= last && knows(user, from)) {
            readers[user].contiguous = from++;
        }
        if (from > last) {
            return null;
        }
        long to = from;
        while (to < last && to - from + 1 < MAX_PULL_EVENTS && !knows(user, to + 1)) {
            to++;
        }
        return new SeqRange(from, to);
    }

    /** The last place in the conversation that anybody has heard of. */
    synchronized long newest() {
        return newest;
    }

    /** Whether this user has seen every message of others that the system has promised so far. */
    synchronized boolean hasAllPromised(int user) {
        return messages.stream()
                .allMatch(message -> message.sender == user || !message.isPromised() || message.seenNanos[user] != 0);
    }

    /** Whether every message was answered, wherever it may have arrived. */
    synchronized boolean isAnswered() {
        return messages.stream().allMatch(Sent::isAnswered);
    }

    /** Up to where this user knows the conversation without a hole. */
    synchronized long contiguous(int user) {
        return missing(user) == null ? newest : readers[user].contiguous;
    }

    /** Whether every message was answered, and those with a place in the conversation reached everybody. */
    synchronized boolean isSettled() {
        return messages.stream().allMatch(message -> message.isAnswered() && missed(message) == 0);
    }

    synchronized void audit(Verdict verdict, long measuredFromNanos) {
        verdict.duplicated += conflicts.size() + changedIds;
        verdict.outOfOrder += outOfOrderLive + sequencedInAnotherOrder();
        verdict.gaps += newest - bySeq.keySet().stream().filter(seq -> seq >= 1).count();
        verdict.redelivered += redelivered;
        verdict.foreign += foreign;
        for (Sent message : messages) {
            verdict.lost += missed(message);
            verdict.rescued += message.rescued ? 1 : 0;
            verdict.unanswered += message.isAnswered() ? 0 : 1;
            verdict.recovered += recovered(message);
            verdict.resent += Math.max(0, message.attempts - 1);
            if (message.intendedNanos >= measuredFromNanos) {
                verdict.measure(message);
            }
        }
    }

    /** How many receivers were promised this message and have not seen it. */
    private static int missed(Sent message) {
        return message.isPromised() ? message.unreached() : 0;
    }

    /** How many receivers have seen this message, but only in history. */
    private int recovered(Sent message) {
        int count = 0;
        for (int user = 0; user < readers.length; user++) {
            boolean seen = user != message.sender && message.seenNanos[user] != 0;
            count += seen && !readers[user].seenLive.get(message.number) ? 1 : 0;
        }
        return count;
    }

    private @Nullable Sent find(MessageSent sent) {
        String id = sent.getClientMsgId();
        if (!id.startsWith("m") || !sent.getContent().equals(content)) {
            return null;
        }
        try {
            int number = Integer.parseInt(id, 1, id.length(), 10);
            Sent message = number >= 0 && number < messages.size() ? messages.get(number) : null;
            return message != null && users.get(message.sender).equals(sent.getSender()) ? message : null;
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

    private void noteLive(Reader receiver, Sent message, long seq, boolean first) {
        if (first && seq < receiver.newestLive) {
            outOfOrderLive++;
        }
        if (receiver.seenLive.get(message.number)) {
            redelivered++;
        }
        receiver.seenLive.set(message.number);
        receiver.newestLive = Math.max(receiver.newestLive, seq);
    }

    private boolean knows(int user, long seq) {
        Sent message = bySeq.get(seq);
        if (message == null || message == FOREIGN || message == FACT) {
            return message != null;
        }
        return message.seenNanos[user] != 0 || (message.sender == user && message.sequencedNanos != 0);
    }

    /**
     * Messages that stand before one which their sender sent earlier. Only those count that were sent once and over the
     * same connection: whoever sends again gives up the order.
     */
    private long sequencedInAnotherOrder() {
        long count = 0;
        long[] newestSeq = new long[readers.length];
        int[] connection = new int[readers.length];
        for (Sent message : messages) {
            int sender = message.sender;
            if (message.attempts != 1 || message.seq == 0) {
                continue;
            }
            if (message.connection == connection[sender] && message.seq < newestSeq[sender]) {
                count++;
            }
            newestSeq[sender] =
                    message.connection == connection[sender] ? Math.max(newestSeq[sender], message.seq) : message.seq;
            connection[sender] = message.connection;
        }
        return count;
    }
}
