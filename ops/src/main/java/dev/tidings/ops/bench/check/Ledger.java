package dev.tidings.ops.bench.check;

import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Sequenced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records one conversation of a run: every message sent, every answer, every event that arrived at a device. {@link LedgerAudit}
 * judges the record. Users are named by their index in the list of users, and their first devices by the same index; the second
 * devices follow in the same order. Only first devices send. Uses no clock and no network. Thread-safe.
 */
public final class Ledger {

    /** Holds the seq of an event that is no message of this run. */
    private static final SentMessage FOREIGN = new SentMessage(-1, -1, 0, 0);

    /** Holds the seq of an event that another command of this run made, such as creating the group. No user must see it. */
    private static final SentMessage OTHER_EVENT = new SentMessage(-1, -1, 0, 0);

    private static final String CLIENT_MSG_ID_PREFIX = "m";

    /** The limit of events in the answer to one pull. */
    static final int MAX_PULL_EVENTS = 200;

    private record Conflict(int number, long seq) {}

    private record View(long lastSeq, long readSeq, long unread) {}

    private final List<String> users;
    /** By device. */
    private final Receiver[] receivers;
    /** By device; null: unread counts are not checked. */
    private final @Nullable View[] views;

    private final Content content;
    private final List<SentMessage> messages = new ArrayList<>();
    private final Map<Long, SentMessage> bySeq = new HashMap<>();
    private final Set<Conflict> conflicts = new HashSet<>();
    private long newestSeq;
    private long changedMessageIds;
    private long foreign;
    private long rejectedNonMembers;
    private long readByNonMembers;
    private String firstReadByNonMember = "";

    /** Records a conversation whose users have one device each. */
    public Ledger(List<String> users, Content content) {
        this(users, 1, content);
    }

    /**
     * @param users whose messages and events are recorded; the conversation may have more members
     * @param devicesPerUser at least 1
     */
    public Ledger(List<String> users, int devicesPerUser, Content content) {
        this.users = List.copyOf(users);
        this.receivers = new Receiver[users.size() * devicesPerUser];
        this.views = new View[receivers.length];
        Arrays.setAll(receivers, device -> new Receiver());
        this.content = content;
    }

    /** The client message id of the message with this number. */
    public static String clientMsgId(int number) {
        return CLIENT_MSG_ID_PREFIX + number;
    }

    /** Adds a message that is due at this time. */
    public synchronized SentMessage intend(int sender, long intendedNanos) {
        SentMessage message = new SentMessage(messages.size(), sender, receivers.length, intendedNanos);
        messages.add(message);
        return message;
    }

    /** The message was written to this connection of its sender. */
    public synchronized void transmitted(SentMessage message, int connection) {
        if (message.attempts++ == 0) {
            message.connection = connection;
        }
    }

    /** This device has a new connection: its live events need not follow those of the last one. */
    public synchronized void connected(int device) {
        receivers[device].connected();
    }

    /** Records that the event with this seq is no message of the run, as the answer to its command states. */
    public synchronized void otherEvent(long seq) {
        bySeq.put(seq, OTHER_EVENT);
        newestSeq = Math.max(newestSeq, seq);
    }

    /** Records that the conversation has events up to this seq. */
    public synchronized void head(long seq) {
        newestSeq = Math.max(newestSeq, seq);
    }

    /** Returns the message with this number if this user sent it, else null. */
    public synchronized @Nullable SentMessage sentBy(int user, int number) {
        boolean known = number >= 0 && number < messages.size() && messages.get(number).sender == user;
        return known ? messages.get(number) : null;
    }

    /** The message was accepted over this connection of its sender. */
    public synchronized void accepted(SentMessage message, int connection) {
        if (message.acceptedConnection == 0) {
            message.acceptedConnection = connection;
        }
    }

    /** The message was refused. */
    public synchronized void refused(SentMessage message) {
        message.refused = true;
    }

    /** The request was answered by an error that is not retryable: nothing was decided, and nothing will be. */
    public synchronized void failed(SentMessage message) {
        message.failed = true;
    }

    /**
     * The message was sequenced; the answer came over this connection of its sender. Returns whether it is the first answer.
     *
     * <p>A message that was accepted over one connection and sent again over another one must be a duplicate there: the
     * first command stands before the second in the log. If it is not, the first was lost.
     */
    public synchronized boolean sequenced(SentMessage message, Sequenced answer, int connection, long nowNanos) {
        place(message, answer.getSeq(), answer.getMessageId());
        boolean first = message.sequencedNanos == 0;
        if (first) {
            message.sequencedNanos = nowNanos;
            message.rescued = !answer.getDuplicate()
                    && message.acceptedConnection != 0
                    && message.acceptedConnection != connection;
        }
        return first;
    }

    /** Counts an answer to no request, or an event of another conversation. */
    public synchronized void foreign() {
        foreign++;
    }

    /** A request of a user who is no member was rejected. */
    public synchronized void rejectedNonMember() {
        rejectedNonMembers++;
    }

    /** A user who is no member got something of the conversation. */
    public synchronized void readByNonMember(String what) {
        firstReadByNonMember = readByNonMembers == 0 ? what : firstReadByNonMember;
        readByNonMembers++;
    }

    /** Returns the seqs of all messages of the run that were sequenced, ascending. */
    synchronized long[] sequencedSeqs() {
        return messages.stream()
                .mapToLong(message -> message.seq)
                .filter(seq -> seq > 0)
                .sorted()
                .toArray();
    }

    /** An event arrived at this device. Returns whether it is a message that the device receives for the first time. */
    public synchronized boolean arrived(int device, ConversationEvent event, boolean live, long nowNanos) {
        boolean hasOwnSeq = event.getSeq() > 0;
        if (hasOwnSeq ? bySeq.get(event.getSeq()) == OTHER_EVENT : !event.hasMessageSent()) {
            return false;
        }
        SentMessage message = event.hasMessageSent() ? find(event.getMessageSent()) : null;
        if (message == null || !hasOwnSeq) {
            foreign++;
            bySeq.putIfAbsent(event.getSeq(), FOREIGN);
            return false;
        }
        place(message, event.getSeq(), event.getMessageSent().getMessageId());
        boolean first = message.see(device, nowNanos);
        if (message.sender == device) {
            return false;
        }
        if (live) {
            receivers[device].deliveredLive(message, event.getSeq(), first);
        }
        return first;
    }

    /** Returns the first range of the conversation that this device does not know, or null if none is missing. */
    public synchronized @Nullable SeqRange missing(int device) {
        return missing(device, newestSeq);
    }

    /** Returns the first range up to this seq that the device does not know, or null if none is missing. */
    public synchronized @Nullable SeqRange missing(int device, long lastSeq) {
        Receiver receiver = receivers[device];
        long from = receiver.contiguousSeq + 1;
        while (from <= lastSeq && knows(device, from)) {
            receiver.contiguousSeq = from++;
        }
        if (from > lastSeq) {
            return null;
        }
        long to = from;
        while (to < lastSeq && to - from + 1 < MAX_PULL_EVENTS && !knows(device, to + 1)) {
            to++;
        }
        return new SeqRange(from, to);
    }

    /** The highest seq that any device knows of. */
    public synchronized long newestSeq() {
        return newestSeq;
    }

    /** The seq up to which this device knows every event. */
    public synchronized long contiguousSeq(int device) {
        return missing(device) == null ? newestSeq : receivers[device].contiguousSeq;
    }

    /** Whether this user has seen every message of others that the system has promised so far. */
    public synchronized boolean hasAllPromised(int user) {
        return messages.stream()
                .allMatch(message -> message.sender == user || !message.isPromised() || message.seenNanos[user] != 0);
    }

    /** Whether every message was answered, and every promised message has reached all devices of all users. */
    public synchronized boolean isSettled() {
        return messages.stream()
                .allMatch(message ->
                        message.isAnswered() && (!message.isPromised() || message.unreachedReceivers() == 0));
    }

    /** Adds the findings of this conversation to the result. Measures messages that were due at this time or later. */
    synchronized void audit(CheckResult result, long measuredFromNanos) {
        result.duplicated += conflicts.size() + changedMessageIds;
        result.gaps +=
                newestSeq - bySeq.keySet().stream().filter(seq -> seq >= 1).count();
        result.foreign += foreign;
        result.rejectedNonMembers += rejectedNonMembers;
        result.readByNonMembers += readByNonMembers;
        if (readByNonMembers > 0) {
            result.evidence("read by a non-member: " + firstReadByNonMember);
        }
        for (Receiver receiver : receivers) {
            result.outOfOrder += receiver.outOfOrder();
            result.redelivered += receiver.redelivered();
        }
        new LedgerAudit(users, messages, receivers).addTo(result, measuredFromNanos);
        conflicts.forEach(conflict -> result.evidence("duplicated: message " + conflict.number + " in "
                + users.getFirst() + "'s conversation at seq " + conflict.seq));
        auditUnread(result);
    }

    private void auditUnread(CheckResult result) {
        for (int device = 0; device < views.length; device++) {
            View view = views[device];
            if (view == null) {
                continue;
            }
            int user = device % users.size();
            long expected = unread(user, view.readSeq);
            if (view.lastSeq < newestSeq || view.unread != expected) {
                result.wrongUnread++;
                result.evidence("unread: " + users.get(user) + " has " + view.unread + " at seq " + view.lastSeq
                        + ", expected " + expected + " at seq " + newestSeq);
            }
            View ofFirstDevice = views[user];
            if (ofFirstDevice != null && ofFirstDevice.readSeq != view.readSeq) {
                result.divergent++;
                result.evidence("device divergence: the devices of " + users.get(user) + " have the read positions "
                        + ofFirstDevice.readSeq + " and " + view.readSeq);
            }
        }
    }

    /** Messages of others after the read position and after the user's own newest message: who sends has read. */
    private long unread(int user, long readSeq) {
        long ownSeq = messages.stream()
                .filter(message -> message.sender == user)
                .mapToLong(message -> message.seq)
                .max()
                .orElse(0);
        return bySeq.entrySet().stream()
                .filter(entry -> entry.getKey() > Math.max(readSeq, ownSeq))
                .map(Map.Entry::getValue)
                .filter(message -> message.sender >= 0 && message.sender != user)
                .count();
    }

    /** Records that the unread count at this device is to be checked. Until a view arrives, it is wrong. */
    public synchronized void expectView(int device) {
        if (views[device] == null) {
            views[device] = new View(0, 0, 0);
        }
    }

    /** The server's view of the conversation for this device; a newer one replaces it. */
    public synchronized void view(int device, long lastSeq, long readSeq, long unread) {
        views[device] = new View(lastSeq, readSeq, unread);
    }

    /** Whether the newest view of this device has all events. */
    public synchronized boolean hasCurrentView(int device) {
        View view = views[device];
        return view != null && view.lastSeq >= newestSeq;
    }

    private @Nullable SentMessage find(MessageSent sent) {
        String id = sent.getClientMsgId();
        if (!id.startsWith(CLIENT_MSG_ID_PREFIX) || !sent.getContent().equals(content)) {
            return null;
        }
        try {
            int number = Integer.parseInt(id, CLIENT_MSG_ID_PREFIX.length(), id.length(), 10);
            SentMessage message = number >= 0 && number < messages.size() ? messages.get(number) : null;
            return message != null && users.get(message.sender).equals(sent.getSender()) ? message : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Records the seq and the id of a message, and any conflict with what was recorded before. */
    private void place(SentMessage message, long seq, String messageId) {
        SentMessage holder = bySeq.putIfAbsent(seq, message);
        newestSeq = Math.max(newestSeq, seq);
        if (message.seq == 0) {
            message.seq = seq;
            message.messageIdHash = messageId.hashCode();
        }
        if (message.seq != seq || (holder != null && holder != message)) {
            conflicts.add(new Conflict(message.number, seq));
        } else if (message.messageIdHash != messageId.hashCode() && !message.messageIdChanged) {
            message.messageIdChanged = true;
            changedMessageIds++;
        }
    }

    private boolean knows(int device, long seq) {
        SentMessage message = bySeq.get(seq);
        if (message == null || message == FOREIGN || message == OTHER_EVENT) {
            return message != null;
        }
        return message.isHeldBy(device);
    }
}
