package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.gateway.subscription.Subscriber;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessageReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The delivery receipts of one session: the newest message of others that was delivered, in private conversations and small
 * groups. A command to a private conversation carries its receipt; otherwise the receipt waits in the gateway's
 * {@link ReceiptQueue}. At the session's end, finds the messages that were not delivered. Not thread-safe: guarded by the
 * session's lock.
 */
final class DeliveryReceipts implements ReceiptQueue.ReceiptSource {

    private static final int MAX_UNDELIVERED = 1_000;

    /** Conversations with unread messages whose receipts wait for the client's next frame; older ones get none. */
    private static final int MAX_SHOWN = 100;

    private final Subscriber session;
    private final ConversationSubscriptions subscriptions;
    private final ClientApi api;
    private final SessionContext context;
    private final ReceiptQueue queue;
    /** By conversation: the seq of the newest delivered message that is not reported yet. Each waits in the queue. */
    private final Map<String, Long> pending = new LinkedHashMap<>();
    /** By conversation: the newest seq that was reported as delivered or marked as read. */
    private final RecentConversations<Long> reported = new RecentConversations<>();

    /** By conversation: the newest seq on a sync page, until the next frame of the client shows that the page has arrived. */
    private final Map<String, Long> shown = new LinkedHashMap<>();

    DeliveryReceipts(
            Subscriber session,
            ConversationSubscriptions subscriptions,
            ClientApi api,
            SessionContext context,
            ReceiptQueue queue) {
        this.session = session;
        this.subscriptions = subscriptions;
        this.api = api;
        this.context = context;
        this.queue = queue;
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
    void frameReceived() {
        shown.forEach(this::delivered);
        shown.clear();
    }

    private void delivered(String conversationId, long seq) {
        if (seq > reported.getOrDefault(conversationId, 0L)) {
            boolean isFirst = !pending.containsKey(conversationId);
            pending.merge(conversationId, seq, Math::max);
            if (isFirst) {
                queue.add(this, conversationId);
            }
        }
    }

    /**
     * Returns the command with the receipt of its conversation, if its event can carry one. The receipt waits on until
     * {@link #recorded}, because the command may be refused.
     */
    Command carrying(Command command) {
        queue.commandWritten();
        Long seq = pending.get(command.getConversationId());
        return seq != null && canCarry(command)
                ? command.toBuilder().setDeliveredSeq(seq).build()
                : command;
    }

    private static boolean canCarry(Command command) {
        boolean isSequenced = switch (command.getBodyCase()) {
            case SEND_MESSAGE, EDIT_MESSAGE, RECALL_MESSAGE, REACT, PIN_MESSAGE, FRIEND -> true;
            case MARK_READ,
                    DELETE_FOR_ME,
                    GROUP,
                    RULES,
                    SUBSCRIBE_GATEWAY,
                    TYPING,
                    MARK_DELIVERED,
                    DESCRIBE_RECEIPTS,
                    GATEWAY_GONE,
                    ENTER_ROOM,
                    FORGET_EVENTS,
                    READ_HEAD,
                    BODY_NOT_SET -> false;
        };
        return isSequenced && ConversationId.parse(command.getConversationId()) instanceof ConversationId.Private;
    }

    /** The log has the delivered position: the client has marked the conversation as read, or an event carries it. */
    void recorded(String conversationId, long seq) {
        reported.merge(conversationId, seq, Math::max);
        Long waiting = pending.get(conversationId);
        if (waiting != null && waiting <= seq) {
            take(conversationId);
        }
    }

    /** Takes a pending receipt to report it; 0: there is none. */
    private long take(String conversationId) {
        Long seq = pending.remove(conversationId);
        queue.remove(this, conversationId);
        if (seq == null) {
            return 0;
        }
        reported.merge(conversationId, seq, Math::max);
        return seq;
    }

    @Override
    public void write(String conversationId) {
        AtomicLong seq = new AtomicLong();
        context.locked(() -> seq.set(take(conversationId)));
        if (seq.get() > 0) {
            append(conversationId, seq.get());
        }
    }

    private void append(String conversationId, long seq) {
        FireAndForget reply = new FireAndForget(error -> context.locked(() -> retry(conversationId, seq)));
        api.delivered(session.userId(), conversationId, seq, reply);
    }

    /** The append failed: the receipt waits again, unless the user has read further meanwhile. */
    private void retry(String conversationId, long seq) {
        reported.remove(conversationId, seq);
        delivered(conversationId, seq);
    }

    /**
     * Takes the pending receipts at the end of the session.
     *
     * @return appends them; to be run without the session's lock
     */
    Runnable report() {
        Map<String, Long> receipts = Map.copyOf(pending);
        receipts.keySet().forEach(this::take);
        return () -> receipts.forEach(this::append);
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
