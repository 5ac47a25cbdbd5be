package dev.tidings.gateway.follow;

import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.log.CommandAppender;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.FollowedEvent;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.SubscribeGateway;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who on this gateway follows which large group or room. The log hears of it as little as possible:
 *
 * <pre>
 * first follower ──▶ attached, at once
 * others         ──▶ at the next tick: the number, of rooms only
 * last one gone  ──▶ at the next tick: detached, unless somebody came in the meantime
 * an event of what nobody follows (an earlier epoch left the attachment behind) ──▶ at the next tick: detached
 * an append that failed ──▶ at the next tick: once more
 * taken for gone, and here after all ──▶ at the next tick: everything once more
 * </pre>
 *
 * Events and heads come from one thread, followers from many. One lock guards who follows; nobody is told anything under
 * it.
 */
public final class Following {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    /** Head notices of one conversation to its followers. */
    static final Duration HEAD_INTERVAL = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final int slot;
    private final long epoch;
    private final CommandAppender log;
    private final Map<String, Followed> conversations = new HashMap<>();
    private final Map<Follower, Set<String>> byFollower = new HashMap<>();

    /**
     * @param slot the gateway's
     * @param epoch the gateway's
     */
    public Following(int slot, long epoch, CommandAppender log) {
        this(slot, epoch, log, System::nanoTime);
    }

    Following(int slot, long epoch, CommandAppender log, LongSupplier nanoTime) {
        this.slot = slot;
        this.epoch = epoch;
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /** Conversations followed. */
    public synchronized int size() {
        return conversations.size();
    }

    /**
     * From here on the follower hears what happens in the conversation; unless its user is known to have left in the
     * meantime: that it is to follow may be said later than the event that says so has come by.
     *
     * @param sinceSeq the event with which the follower came to the conversation, or one after it, so that departures
     *     before it do not count; 0: not known
     * @return whether it did not follow before, and does now
     */
    public synchronized boolean follow(Follower who, String conversationId, long sinceSeq) {
        Followed conversation = conversation(conversationId);
        if (conversation.hasLost(who.userId(), sinceSeq)) {
            return false;
        }
        conversation.followers.merge(who, sinceSeq, Math::max);
        boolean isNew =
                byFollower.computeIfAbsent(who, first -> new HashSet<>()).add(conversationId);
        boolean isFirst = isNew && conversation.followers.size() == 1;
        if (isFirst && conversation.announced <= 0 && !conversation.announcing) {
            announce(conversation);
        }
        return isNew;
    }

    public synchronized boolean follows(Follower who, String conversationId) {
        return byFollower.getOrDefault(who, Set.of()).contains(conversationId);
    }

    /** Where the conversation stands; null as long as it is not known: then its followers will hear of it. */
    public synchronized @Nullable HeadNotice head(String conversationId) {
        Followed conversation = conversations.get(conversationId);
        return conversation == null ? null : conversation.head;
    }

    public synchronized void unfollow(Follower who, String conversationId) {
        remove(who, conversationId);
        Set<String> followed = byFollower.get(who);
        if (followed != null && followed.remove(conversationId) && followed.isEmpty()) {
            byFollower.remove(who);
        }
    }

    /** Follows nothing any more. */
    public synchronized void ended(Follower who) {
        Set<String> followed = byFollower.remove(who);
        if (followed != null) {
            followed.forEach(conversationId -> remove(who, conversationId));
        }
    }

    private void remove(Follower who, String conversationId) {
        Followed conversation = conversations.get(conversationId);
        if (conversation != null) {
            conversation.followers.remove(who);
        }
    }

    /** Hands the event to whoever follows the conversation; afterwards, who left with it follows no longer. */
    public void accept(FollowedEvent delivery) {
        ConversationEvent event = delivery.getEvent();
        Collection<Follower> followers = happened(event);
        LiveEvent live = new LiveEvent(event);
        for (Follower follower : followers) {
            follower.followed(live, delivery.getOriginSessionId());
        }
        departed(event, followers);
    }

    /** Lets those of these followers go whose user left with the event, unless they came back after it. */
    public void departed(ConversationEvent event, Collection<Follower> followers) {
        Departures departures = Departures.of(event);
        for (Follower follower : followers) {
            if (departures.include(follower.userId())) {
                depart(follower, event);
            }
        }
    }

    private synchronized void depart(Follower who, ConversationEvent event) {
        Followed conversation = conversations.get(event.getConversationId());
        Long since = conversation == null ? null : conversation.followers.get(who);
        if (since != null && since < event.getSeq()) {
            unfollow(who, event.getConversationId());
        }
    }

    /**
     * Takes note of where a conversation stands. The first notice goes to the followers at once, as they wait for it; a later
     * one at the next tick, at most every {@link #HEAD_INTERVAL}: a room that many enter and leave changes all the time,
     * and answers and messages must not wait behind that.
     */
    public void accept(HeadNotice notice) {
        HeadNotice first;
        Collection<Follower> followers;
        synchronized (this) {
            Followed conversation = conversation(notice.getConversationId());
            boolean isFirst = conversation.head == null;
            conversation.stands(notice);
            first = isFirst ? conversation.head : null;
            if (isFirst) {
                conversation.headToldNanos = nanoTime.getAsLong();
            } else {
                conversation.headIsNews = true;
            }
            followers = conversation.followers.keySet();
        }
        if (first != null) {
            tell(followers, first);
        }
    }

    private static void tell(Collection<Follower> followers, HeadNotice head) {
        LiveHead live = new LiveHead(head);
        followers.forEach(follower -> follower.head(live));
    }

    /**
     * CONVERSATION was told that this gateway is gone, and has detached it from some of what is followed here, or all.
     *
     * @param goneEpoch if it is an earlier one, nothing of this gateway is concerned
     */
    public synchronized void detached(long goneEpoch) {
        if (goneEpoch >= epoch) {
            conversations.values().forEach(Followed::detached);
        }
    }

    /**
     * Tells the log what it does not know yet, tells the followers where their conversations stand, and forgets what is over.
     * Once a second.
     */
    public void tick() {
        announceAll();
        newHeads().forEach((followers, head) -> tell(followers, head));
    }

    private synchronized void announceAll() {
        conversations.values().removeIf(Followed::isOver);
        for (Followed conversation : conversations.values()) {
            if (!conversation.announcing && !conversation.isAnnounced()) {
                announce(conversation);
            }
        }
    }

    private synchronized Map<Collection<Follower>, HeadNotice> newHeads() {
        Map<Collection<Follower>, HeadNotice> news = new IdentityHashMap<>();
        long now = nanoTime.getAsLong();
        for (Followed conversation : conversations.values()) {
            HeadNotice head = conversation.head;
            if (head != null
                    && conversation.headIsNews
                    && now - conversation.headToldNanos >= HEAD_INTERVAL.toNanos()) {
                conversation.headIsNews = false;
                conversation.headToldNanos = now;
                news.put(conversation.followers.keySet(), head);
            }
        }
        return news;
    }

    private synchronized Collection<Follower> happened(ConversationEvent event) {
        Followed conversation = conversation(event.getConversationId());
        conversation.happened(event);
        return conversation.followers.keySet();
    }

    private Followed conversation(String conversationId) {
        return conversations.computeIfAbsent(conversationId, Followed::new);
    }

    private void announce(Followed conversation) {
        int sessions = conversation.followers.size();
        conversation.announcing = true;
        conversation.doubtful = false;
        if (sessions == 0) {
            conversation.head = null; // what happens from here on is not heard
        }
        Command attach = Command.newBuilder()
                .setCommandId(CommandId.next())
                .setConversationId(conversation.conversationId())
                .setSubscribeGateway(SubscribeGateway.newBuilder()
                        .setGatewaySlot(slot)
                        .setGatewayEpoch(epoch)
                        .setSessions(sessions))
                .build();
        log.append(attach, failure -> announced(conversation, sessions, failure));
    }

    private synchronized void announced(Followed conversation, int sessions, @Nullable Exception failure) {
        conversation.announcing = false;
        if (failure == null) {
            conversation.announced = conversation.doubtful ? Followed.UNKNOWN : sessions;
            if (sessions == 0 && !conversation.followers.isEmpty()) {
                announce(conversation);
            }
        } else {
            conversation.announced = Followed.UNKNOWN;
            LOG.warn(
                    "following could not be written; trying again conversation={} sessions={}",
                    conversation.conversationId(),
                    sessions,
                    failure);
        }
    }
}
