package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.check.SentMessage;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Error;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the messages that one user sends in one conversation until they are answered. Sends an unanswered message again with
 * the same client message id, after 10 s, after a retryable error, or over the next connection. Not thread-safe: guarded by its
 * client.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private static final long ANSWER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long DEFAULT_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A message without an answer, and when it is sent again. */
    private static final class Pending {
        final SentMessage message;
        long retryNanos;

        Pending(SentMessage message) {
            this.message = message;
        }
    }

    private final BenchConversation conversation;
    private final Ledger ledger;
    private final int user;
    private final String frameIdPrefix;
    private final ReconnectingConnection connection;
    private final TrafficCounters counters;
    /** By number, in the order of sending. {@link #tick} removes answered messages. */
    private final Map<Integer, Pending> pending = new LinkedHashMap<>();

    /**
     * @param user the sender's index in the ledger
     * @param frameIdPrefix begins the ids of this conversation's frames; the number of the message follows
     */
    Outbox(
            BenchConversation conversation,
            int user,
            String frameIdPrefix,
            ReconnectingConnection connection,
            TrafficCounters counters) {
        this.conversation = conversation;
        this.ledger = conversation.ledger();
        this.user = user;
        this.frameIdPrefix = frameIdPrefix;
        this.connection = connection;
        this.counters = counters;
    }

    /** Sends one message now, or over the next connection. */
    void send(long intendedNanos) {
        Pending added = new Pending(ledger.intend(user, intendedNanos));
        counters.sent.increment();
        pending.put(added.message.number(), added);
        if (connection.isReady()) {
            transmit(added, System.nanoTime());
        }
    }

    /** Sends all unanswered messages again: there is a new session. */
    void connected(long nowNanos) {
        for (Pending each : pending.values()) {
            if (!each.message.isAnswered()) {
                transmit(each, nowNanos);
            }
        }
    }

    /** Sends messages again whose answer is overdue. */
    void tick(long nowNanos) {
        for (var each = pending.values().iterator(); each.hasNext(); ) {
            Pending next = each.next();
            if (next.message.isAnswered()) {
                each.remove();
            } else if (!next.message.isAcceptedOver(connection.connections()) && nowNanos - next.retryNanos >= 0) {
                // an accepted message is promised: sending it again would hide that the system has lost it
                transmit(next, nowNanos);
            }
        }
    }

    /** Handles accepted, sequenced or refused with a frame id of this outbox. */
    void answered(ServerFrame frame, long nowNanos) {
        SentMessage message = messageOf(frame.getId());
        if (message == null) {
            ledger.foreign();
        } else if (frame.hasAccepted()) {
            ledger.accepted(message, connection.connections());
        } else if (frame.hasRefused()) {
            LOG.debug("message.refused reason={}", frame.getRefused().getReason());
            ledger.refused(message);
        } else if (ledger.sequenced(message, frame.getSequenced(), connection.connections(), nowNanos)) {
            counters.sequenced.increment();
        }
    }

    /** Handles an error. Returns whether it answers a message of this outbox. */
    boolean failed(String frameId, Error error, long nowNanos) {
        SentMessage message = messageOf(frameId);
        if (message == null) {
            return false;
        }
        Pending failed = pending.get(message.number());
        if (!error.getRetryable()) {
            ledger.failed(message);
        } else if (failed != null) {
            long afterNanos = TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs());
            failed.retryNanos = nowNanos + (afterNanos > 0 ? afterNanos : DEFAULT_RETRY_NANOS);
        }
        return true;
    }

    private void transmit(Pending sending, long nowNanos) {
        SentMessage message = sending.message;
        ledger.transmitted(message, connection.connections());
        sending.retryNanos = nowNanos + ANSWER_TIMEOUT_NANOS;
        connection.write(ClientFrame.newBuilder()
                .setId(frameIdPrefix + message.number())
                .setSend(Send.newBuilder()
                        .setConversationId(conversation.id())
                        .setClientMsgId(Ledger.clientMsgId(message.number()))
                        .setContent(conversation.content())));
    }

    private @Nullable SentMessage messageOf(String frameId) {
        if (!frameId.startsWith(frameIdPrefix)) {
            return null;
        }
        try {
            return ledger.sentBy(user, Integer.parseInt(frameId, frameIdPrefix.length(), frameId.length(), 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
