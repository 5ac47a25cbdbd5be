package dev.tidings.ops.bench;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Error;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one user writes in one conversation, until it is answered: what has no answer is sent again with the same id, over
 * the next connection if need be. Not thread-safe: guarded by its client.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private static final long ANSWER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long DEFAULT_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Conversation conversation;
    private final Ledger ledger;
    private final int user;
    private final String idPrefix;
    private final Line line;
    private final Tally tally;
    /** Not answered yet, in the order of sending; answered ones are taken out by {@link #tick}. */
    private final Deque<Sent> open = new ArrayDeque<>();

    /**
     * @param user which of the users of the ledger
     * @param idPrefix what the ids of this conversation's frames begin with; a number follows
     */
    Outbox(Conversation conversation, int user, String idPrefix, Line line, Tally tally) {
        this.conversation = conversation;
        this.ledger = conversation.ledger();
        this.user = user;
        this.idPrefix = idPrefix;
        this.line = line;
        this.tally = tally;
    }

    /** Sends one message, or keeps it for the next connection. */
    void send(long intendedNanos) {
        Sent message = ledger.intend(user, intendedNanos);
        tally.sent.increment();
        open.add(message);
        if (line.isReady()) {
            transmit(message, System.nanoTime());
        }
    }

    /** There is a new connection. */
    void connected(long nowNanos) {
        for (Sent message : open) {
            if (!message.isAnswered()) {
                transmit(message, nowNanos);
            }
        }
    }

    void tick(long nowNanos) {
        for (var messages = open.iterator(); messages.hasNext(); ) {
            Sent message = messages.next();
            if (message.isAnswered()) {
                messages.remove();
            } else if (message.acceptedOver != line.connections() && nowNanos - message.dueAgainNanos >= 0) {
                // What was accepted is promised: to send it again would hide that it was forgotten.
                transmit(message, nowNanos);
            }
        }
    }

    /** An accepted, sequenced or refused whose id has this outbox's prefix. */
    void answered(ServerFrame frame, long nowNanos) {
        Sent message = messageOf(frame.getId());
        if (message == null) {
            ledger.foreign();
        } else if (frame.hasAccepted()) {
            ledger.accepted(message, line.connections());
        } else if (frame.hasRefused()) {
            LOG.debug("message.refused reason={}", frame.getRefused().getReason());
            ledger.refused(message);
        } else if (ledger.sequenced(message, frame.getSequenced(), line.connections(), nowNanos)) {
            tally.sequenced.increment();
        }
    }

    /** Returns whether it was about one of these messages. */
    boolean failed(String frameId, Error error, long nowNanos) {
        Sent message = messageOf(frameId);
        if (message == null) {
            return false;
        }
        if (error.getRetryable()) {
            long retryNanos = TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs());
            message.dueAgainNanos = nowNanos + (retryNanos > 0 ? retryNanos : DEFAULT_RETRY_NANOS);
        } else {
            ledger.failed(message);
        }
        return true;
    }

    private void transmit(Sent message, long nowNanos) {
        ledger.transmitted(message, line.connections());
        message.dueAgainNanos = nowNanos + ANSWER_TIMEOUT_NANOS;
        line.write(ClientFrame.newBuilder()
                .setId(idPrefix + message.number)
                .setSend(Send.newBuilder()
                        .setConversationId(conversation.id())
                        .setClientMsgId(Ledger.clientMsgId(message.number))
                        .setContent(conversation.content())));
    }

    private @Nullable Sent messageOf(String frameId) {
        if (!frameId.startsWith(idPrefix)) {
            return null;
        }
        try {
            return ledger.sentBy(user, Integer.parseInt(frameId, idPrefix.length(), frameId.length(), 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
