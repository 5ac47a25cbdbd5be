package dev.tidings.gateway.follow;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.HeadNotice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that sessions of this gateway follow, or followed a moment ago. Guarded by {@link Following}, but for
 * the followers, whom an event may be handed to while others come and go.
 */
final class Followed {

    /** What the log was last told is not known, or does not count: nothing yet in this epoch, or an append failed. */
    static final int UNKNOWN = -1;

    static final int REMEMBERED_DEPARTURES = 1_000;

    private final String conversationId;
    private final boolean room;

    /** With the seq of the event they follow since; 0: since their beginning. */
    final Map<Follower, Long> followers = new ConcurrentHashMap<>();

    /** Users who have left of late, and with which event; the oldest first. */
    private final LinkedHashMap<String, Long> departures = new LinkedHashMap<>();

    private boolean dissolved;

    /** How many followers the log was last told of. */
    int announced = UNKNOWN;

    /** The log is being told; one at a time, so that the last one told is the last one in the log. */
    boolean announcing;

    /** What the log is being told may lie before the end of what it was told. */
    boolean doubtful;

    /** Where the conversation stands; null as long as CONVERSATION has not said so since the gateway attached. */
    @Nullable
    HeadNotice head;

    /** The followers have not been told of the head as it is. */
    boolean headIsNews;

    /** When the followers were last told of the head. */
    long headToldNanos;

    /** @throws IllegalArgumentException where the conversation is neither a group nor a room */
    Followed(String conversationId) {
        ConversationId id = ConversationId.parse(conversationId);
        if (!(id instanceof ConversationId.Group) && !(id instanceof ConversationId.Room)) {
            throw new IllegalArgumentException("only groups and rooms are followed, and this is " + conversationId);
        }
        this.conversationId = conversationId;
        this.room = id instanceof ConversationId.Room;
    }

    String conversationId() {
        return conversationId;
    }

    /** Of a room the log knows how many are in it; of a group, whether there is anybody. */
    boolean isAnnounced() {
        return room ? announced == followers.size() : announced >= 0 && (announced > 0) == !followers.isEmpty();
    }

    /** The log's word no longer counts, nor may what it is just being told. */
    void detached() {
        announced = UNKNOWN;
        doubtful = announcing;
    }

    boolean isOver() {
        return followers.isEmpty() && announced == 0 && !announcing;
    }

    void stands(HeadNotice notice) {
        HeadNotice before = head;
        head = before == null
                ? notice
                : notice.toBuilder()
                        .setLastSeq(Math.max(before.getLastSeq(), notice.getLastSeq()))
                        .setMessageIndex(Math.max(before.getMessageIndex(), notice.getMessageIndex()))
                        .build();
    }

    /** Whether the user has left with an event after this one. */
    boolean hasLost(String userId, long sinceSeq) {
        return dissolved || departures.getOrDefault(userId, 0L) > sinceSeq;
    }

    /** Something happens, of which the gateway hears because it is attached. */
    void happened(ConversationEvent event) {
        Departures gone = Departures.of(event);
        dissolved |= gone.everyone();
        gone.userIds().forEach(userId -> departures.put(userId, event.getSeq()));
        event.getMembersAdded().getUserIdsList().forEach(departures::remove);
        while (departures.size() > REMEMBERED_DEPARTURES) {
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
