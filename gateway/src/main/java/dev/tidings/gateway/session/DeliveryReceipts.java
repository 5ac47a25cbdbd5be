package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.gateway.subscription.Subscriber;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessageReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The delivery receipts of one session. Reports the newest message of others that was delivered, for private conversations
 * and small groups, every few seconds at most; at the session's end, finds the messages that were not delivered. Not
 * thread-safe: guarded by the session's lock.
 */
final class DeliveryReceipts {

    private static final int MAX_UNDELIVERED = 1_000;

    /** Conversations with unread messages whose receipts wait for the client's next frame; older ones get none. */
    private static final int MAX_SHOWN = 100;

    /** Receipts are commands like messages, and would delay them if all sessions reported at once. */
    private static final long MIN_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Subscriber session;
    private final ConversationSubscriptions subscriptions;
    private final ClientApi api;
    private final SessionContext context;
    private final Executor background;
    /** By conversation: the seq of the newest delivered message that is not reported yet. */
    private final Map<String, Long> pending = new LinkedHashMap<>();
    /** By conversation: the newest seq that was reported as delivered or marked as read. */
    private final RecentConversations<Long> reported = new RecentConversations<>();

    /** By conversation: the newest seq on a sync page, until the next frame of the client shows that the page has arrived. */
    private final Map<String, Long> shown = new LinkedHashMap<>();

    private boolean pausing;
    private long pauseUntilNanos;

    /** @param background appends receipts; must not run under the session's lock */
    DeliveryReceipts(
            Subscriber session,
            ConversationSubscriptions subscriptions,
            ClientApi api,
            SessionContext context,
            Executor background) {
        this.session = session;
        this.subscriptions = subscriptions;
        this.api = api;
        this.context = context;
        this.background = background;
    }

    /** The client has acknowledged the event. */
    void acknowledged(ConversationEvent event) {
        if (isMessageOfOthers(event) && hasReceipts(event.getConversationId())) {
            delivered(event.getConversationId(), event.getSeq());
        }
    }

    /** A page of a sync is sent: its unread messages were written while the user was away. */
    void shown(List<ConversationView> views) {
        for (ConversationView view : views) {
            if (view.getUnread() > 0 && hasReceipts(view.getConversationId())) {
                shown.remove(view.getConversationId());
                shown.put(view.getConversationId(), view.getLastMessage().getSeq());
            }
        }
        // views come in the order of their change: keeps the newest
        Iterator<String> oldest = shown.keySet().iterator();
        for (int tooMany = shown.size() - MAX_SHOWN; tooMany > 0; tooMany--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** A frame has come. Pages have no acknowledgement, but a later frame on the same socket shows that they arrived. */
    void frameReceived(long nowNanos) {
        if (shown.isEmpty()) {
            return;
        }
        if (!pausing) {
            pause(nowNanos); // many clients may come back at once
        }
        shown.forEach(this::delivered);
        shown.clear();
    }

    private void delivered(String conversationId, long seq) {
        if (seq > reported.getOrDefault(conversationId, 0L)) {
            pending.merge(conversationId, seq, Math::max);
        }
    }

    /** The client marks the conversation as read up to seq, which implies delivery. */
    void read(String conversationId, long seq) {
        reported.merge(conversationId, seq, Math::max);
        pending.computeIfPresent(conversationId, (id, delivered) -> delivered <= seq ? null : delivered);
    }

    /** Reports pending receipts unless the last report was a moment ago. */
    void tick(long nowNanos) {
        if (pending.isEmpty() || (pausing && nowNanos - pauseUntilNanos < 0)) {
            return;
        }
        pause(nowNanos);
        background.execute(report());
    }

    private void pause(long nowNanos) {
        pausing = true;
        pauseUntilNanos = nowNanos + ThreadLocalRandom.current().nextLong(MIN_PAUSE_NANOS, MAX_PAUSE_NANOS);
    }

    /**
     * Takes the pending receipts.
     *
     * @return appends them, up to 512 commands; to be run without the session's lock
     */
    Runnable report() {
        Map<String, Long> receipts = Map.copyOf(pending);
        pending.clear();
        reported.putAll(receipts);
        return () -> receipts.forEach((conversationId, seq) -> {
            FireAndForget reply = new FireAndForget(error -> context.locked(() -> retry(conversationId, seq)));
            api.delivered(session.userId(), conversationId, seq, reply);
        });
    }

    /** The append failed: reports it again at the next tick, unless the user has read further meanwhile. */
    private void retry(String conversationId, long seq) {
        pausing = false;
        reported.remove(conversationId, seq);
        delivered(conversationId, seq);
    }

    /**
     * Selects the messages that the user must be notified of in another way. Call it before the session's subscriptions end.
     *
     * @param unacknowledged in the order in which they were sent
     * @return the newest 1,000
     */
    List<MessageReference> undelivered(List<ConversationEvent> unacknowledged) {
        List<MessageReference> messages = unacknowledged.stream()
                .filter(this::isMessageOfOthers)
                .filter(this::isInInbox)
                .map(event -> MessageReference.newBuilder()
                        .setConversationId(event.getConversationId())
                        .setSeq(event.getSeq())
                        .build())
                .toList();
        return messages.subList(Math.max(0, messages.size() - MAX_UNDELIVERED), messages.size());
    }

    private boolean isMessageOfOthers(ConversationEvent event) {
        return event.hasMessageSent() && !event.getMessageSent().getSender().equals(session.userId());
    }

    private boolean hasReceipts(String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case ConversationId.Private ignored -> true;
            case ConversationId.Group ignored -> !subscriptions.isSubscribed(session, conversationId);
            case ConversationId.Room ignored -> false;
            case ConversationId.SystemAccount ignored -> false;
            case ConversationId.Broadcast ignored -> false;
            case null -> false;
        };
    }

    /** Of a large group INBOX has only the messages that mention the user. */
    private boolean isInInbox(ConversationEvent event) {
        return switch (ConversationId.parse(event.getConversationId())) {
            case ConversationId.Private ignored -> true;
            case ConversationId.SystemAccount ignored -> true;
            case ConversationId.Group ignored ->
                !subscriptions.isSubscribed(session, event.getConversationId())
                        || event.getMessageSent().getMentions().getUserIdsList().contains(session.userId());
            case ConversationId.Room ignored -> false;
            case ConversationId.Broadcast ignored -> false;
            case null -> false;
        };
    }
}
