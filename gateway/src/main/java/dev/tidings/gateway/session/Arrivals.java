package dev.tidings.gateway.session;

import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.follow.Follower;
import dev.tidings.gateway.follow.Following;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.MessageSent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Which messages of others have arrived at the client of one session, as far as the log hears of it: of private
 * conversations and small groups the newest one, every few seconds at most; and at the session's end, which have not. Not
 * thread-safe: used in the session's turn only.
 */
final class Arrivals {

    private static final int MAX_UNDELIVERED = 1_000;

    /** Of conversations with something unread: receipts of older ones wait until they are read. */
    private static final int MAX_SHOWN = 100;

    /** Receipts are commands like messages, and would hold them up if all sessions told theirs at once. */
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Follower session;
    private final Following following;
    private final ClientApi api;
    private final Requests.Asking asking;
    private final Executor outside;
    /** By conversation: arrived up to here, and nobody knows. */
    private final Map<String, Long> untold = new LinkedHashMap<>();
    /** By conversation: up to here the log was told that it arrived, or that it was read. */
    private final Remembered<Long> told = new Remembered<>();

    /** By conversation: up to here the client was shown what is unread, and has said nothing since. */
    private final Map<String, Long> shown = new LinkedHashMap<>();

    private boolean pausing;
    private long pauseUntilNanos;

    /** @param outside runs what must not run in the session's turn */
    Arrivals(Follower session, Following following, ClientApi api, Requests.Asking asking, Executor outside) {
        this.session = session;
        this.following = following;
        this.api = api;
        this.asking = asking;
        this.outside = outside;
    }

    /** The client has acknowledged the event. */
    void arrived(ConversationEvent event) {
        if (isMessageOfOthers(event) && hasReceipts(event.getConversationId())) {
            arrived(event.getConversationId(), event.getSeq());
        }
    }

    /** A page of a sync goes to the client: what is unread was said while the user was away. */
    void shown(List<ConversationView> views) {
        for (ConversationView view : views) {
            if (view.getUnread() > 0 && hasReceipts(view.getConversationId())) {
                shown.remove(view.getConversationId());
                shown.put(view.getConversationId(), view.getLastMessage().getSeq());
            }
        }
        // in the order of change: the newest stay
        Iterator<String> oldest = shown.keySet().iterator();
        for (int tooMany = shown.size() - MAX_SHOWN; tooMany > 0; tooMany--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** The client has said something: pages are not acknowledged, but who talks on the same socket has had them. */
    void heard(long nowNanos) {
        if (shown.isEmpty()) {
            return;
        }
        if (!pausing) {
            // many come back at once
            pause(nowNanos);
        }
        shown.forEach(this::arrived);
        shown.clear();
    }

    private void arrived(String conversationId, long seq) {
        if (seq > told.getOrDefault(conversationId, 0L)) {
            untold.merge(conversationId, seq, Math::max);
        }
    }

    /** The client says that the user has read so far: then it has arrived, too. */
    void read(String conversationId, long seq) {
        told.merge(conversationId, seq, Math::max);
        untold.computeIfPresent(conversationId, (id, arrived) -> arrived <= seq ? null : arrived);
    }

    /** Tells the log what it does not know yet, unless it was told a moment ago. */
    void tick(long nowNanos) {
        if (untold.isEmpty() || (pausing && nowNanos - pauseUntilNanos < 0)) {
            return;
        }
        pause(nowNanos);
        outside.execute(tell());
    }

    private void pause(long nowNanos) {
        pausing = true;
        pauseUntilNanos = nowNanos + ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    }

    /**
     * Tells the log what it does not know yet.
     *
     * @return writes up to 512 commands; not to be run in the session's turn
     */
    Runnable tell() {
        Map<String, Long> telling = Map.copyOf(untold);
        untold.clear();
        told.putAll(telling);
        return () -> telling.forEach((conversationId, seq) -> {
            Unattended reply = new Unattended(error -> asking.inTurn(() -> untold(conversationId, seq)));
            api.delivered(session.userId(), conversationId, seq, reply);
        });
    }

    /** The log did not take it up: it is told at the next tick, unless the user has read further since. */
    private void untold(String conversationId, long seq) {
        pausing = false;
        told.remove(conversationId, seq);
        arrived(conversationId, seq);
    }

    /**
     * Those of the events that the user must hear of in another way. Asked before the session follows nothing any more.
     *
     * @param unacknowledged in the order in which they were sent
     * @return the newest 1,000
     */
    List<MessageReference> undelivered(List<ConversationEvent> unacknowledged) {
        List<MessageReference> messages = unacknowledged.stream()
                .filter(this::isMessageOfOthers)
                .filter(this::concernsByName)
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
            case ConversationId.Group ignored -> !following.follows(session, conversationId);
            case ConversationId.Room ignored -> false;
            case ConversationId.SystemAccount ignored -> false;
            case ConversationId.Broadcast ignored -> false;
            case null -> false;
        };
    }

    /** Of what is followed INBOX knows only what calls the user by name. */
    private boolean concernsByName(ConversationEvent event) {
        MessageSent message = event.getMessageSent();
        return switch (ConversationId.parse(event.getConversationId())) {
            case ConversationId.Private ignored -> true;
            case ConversationId.SystemAccount ignored -> true;
            case ConversationId.Group ignored ->
                !following.follows(session, event.getConversationId())
                        || message.getMentions().getUserIdsList().contains(session.userId());
            case ConversationId.Room ignored -> false;
            case ConversationId.Broadcast ignored -> false;
            case null -> false;
        };
    }
}
