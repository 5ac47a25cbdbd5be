package dev.tidings.gateway.subscription;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.HeadNotice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One conversation that sessions of this gateway are subscribed to, or were until a moment ago. Guarded by the lock of {@link
 * ConversationSubscriptions}, except for the subscribers: events are delivered while others come and go.
 */
final class SubscribedConversation {

    /** The log does not know a valid number of subscribers: none was written in this epoch, or an append failed. */
    static final int UNKNOWN = -1;

    static final int MAX_DEPARTURES = 1_000;

    private final String conversationId;
    private final boolean isRoom;

    /** Each with the seq of the event that it is subscribed since; 0: not known. */
    final Map<Subscriber, Long> subscribers = new ConcurrentHashMap<>();

    /** The users who left recently with the seq of their departure, the oldest first. */
    private final LinkedHashMap<String, Long> departures = new LinkedHashMap<>();

    private boolean dissolved;

    /** The number of subscribers that the log knows, or {@link #UNKNOWN}. */
    int announced = UNKNOWN;

    /** An announcement is being appended. There is one at a time, so that the last one appended is the last in the log. */
    boolean announcing;

    /** The announcement being appended may lie before a {@code GatewayGone} record, and then does not count. */
    boolean doubtful;

    /** The newest known head; null until CONVERSATION has sent one. */
    @Nullable
    HeadNotice head;

    /** Whether the head has changed since the subscribers last received it. */
    boolean headChanged;

    long headSentNanos;

    /** @throws IllegalArgumentException if the conversation is neither a group nor a room */
    SubscribedConversation(String conversationId) {
        ConversationId id = ConversationId.parse(conversationId);
        if (!(id instanceof ConversationId.Group) && !(id instanceof ConversationId.Room)) {
            throw new IllegalArgumentException("conversation is " + conversationId + "; groups and rooms are allowed");
        }
        this.conversationId = conversationId;
        this.isRoom = id instanceof ConversationId.Room;
    }

    String conversationId() {
        return conversationId;
    }

    boolean isRoom() {
        return isRoom;
    }

    /** Whether the log is up to date: of a room it knows the number of subscribers, of a group whether there are any. */
    boolean isAnnounced() {
        return isRoom ? announced == subscribers.size() : announced >= 0 && (announced > 0) == !subscribers.isEmpty();
    }

    /** CONVERSATION has ended the gateway's subscription: what was announced before does not count any more. */
    void gatewayUnsubscribed() {
        announced = UNKNOWN;
        doubtful = announcing;
    }

    boolean isOver() {
        return subscribers.isEmpty() && announced == 0 && !announcing;
    }

    /** Takes over a head. Events may have overtaken it: the larger numbers count. */
    void updateHead(HeadNotice notice) {
        HeadNotice before = head;
        head = before == null
                ? notice
                : notice.toBuilder()
                        .setLastSeq(Math.max(before.getLastSeq(), notice.getLastSeq()))
                        .setMessageIndex(Math.max(before.getMessageIndex(), notice.getMessageIndex()))
                        .build();
    }

    /** Whether the user has left with an event after this one. */
    boolean hasDeparted(String userId, long sinceSeq) {
        return dissolved || departures.getOrDefault(userId, 0L) > sinceSeq;
    }

    /** Takes over the departures and the head from an event. */
    void apply(ConversationEvent event) {
        Departures departed = Departures.of(event);
        dissolved |= departed.everyone();
        departed.userIds().forEach(userId -> departures.put(userId, event.getSeq()));
        event.getMembersAdded().getUserIdsList().forEach(departures::remove);
        while (departures.size() > MAX_DEPARTURES) {
            departures.pollFirstEntry();
        }
        HeadNotice before = head;
        if (before != null && event.getSeq() > before.getLastSeq()) {
            head = before.toBuilder()
                    .setLastSeq(event.getSeq())
                    .setMessageIndex(event.getMessageIndex())
                    .build();
        }
    }
}
