package dev.tidings.gateway.subscription;

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
 * The subscriptions of this gateway's sessions to large groups and rooms. Delivers their events and heads, and announces to
 * CONVERSATION from which conversations this gateway needs events. An announcement is a {@code SubscribeGateway} command:
 *
 * <pre>
 * first subscriber        ──▶ subscribe the gateway, at once
 * further subscribers     ──▶ at the next tick: their number, for rooms only
 * last subscriber gone    ──▶ at the next tick: unsubscribe the gateway, unless another one came meanwhile
 * event without subscribers (an earlier epoch has left its subscription) ──▶ at the next tick: unsubscribe the gateway
 * append failed           ──▶ at the next tick: retry
 * gateway declared gone although it runs ──▶ at the next tick: announce everything again
 * </pre>
 *
 * Thread-safe: events and heads come from one thread, subscribers from many. One lock guards the subscriptions; subscribers
 * are called outside of it.
 */
public final class ConversationSubscriptions {

    private static final Logger LOG = LoggerFactory.getLogger(ConversationSubscriptions.class);

    /** Between two heads of one conversation that are sent to its subscribers. */
    static final Duration HEAD_INTERVAL = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final int slot;
    private final long epoch;
    private final CommandAppender log;
    private final RoomListener rooms;
    private final Map<String, SubscribedConversation> conversations = new HashMap<>();
    private final Map<Subscriber, Set<String>> bySubscriber = new HashMap<>();

    /**
     * @param slot the gateway's slot
     * @param epoch the gateway's epoch
     * @param rooms receives each change of the users in rooms
     */
    public ConversationSubscriptions(int slot, long epoch, CommandAppender log, RoomListener rooms) {
        this(slot, epoch, log, rooms, System::nanoTime);
    }

    ConversationSubscriptions(int slot, long epoch, CommandAppender log, RoomListener rooms, LongSupplier nanoTime) {
        this.slot = slot;
        this.epoch = epoch;
        this.log = log;
        this.rooms = rooms;
        this.nanoTime = nanoTime;
    }

    /** The number of conversations with subscribers. */
    public synchronized int size() {
        return conversations.size();
    }

    /**
     * Subscribes to a conversation. Does nothing if the subscriber's user has left meanwhile: the instruction to subscribe
     * may come later than the event of the departure.
     *
     * @param sinceSeq the seq of the event with which the user joined, or of a later one: departures before it do not count;
     *     0: not known
     * @return whether the subscription is new
     */
    public synchronized boolean subscribe(Subscriber subscriber, String conversationId, long sinceSeq) {
        SubscribedConversation conversation = conversation(conversationId);
        if (conversation.hasDeparted(subscriber.userId(), sinceSeq)) {
            return false;
        }
        conversation.subscribers.merge(subscriber, sinceSeq, Math::max);
        boolean isNew = bySubscriber
                .computeIfAbsent(subscriber, first -> new HashSet<>())
                .add(conversationId);
        if (isNew && conversation.isRoom()) {
            rooms.entered(conversationId, subscriber.userId());
        }
        boolean isFirst = isNew && conversation.subscribers.size() == 1;
        if (isFirst && conversation.announced <= 0 && !conversation.announcing) {
            announce(conversation);
        }
        return isNew;
    }

    public synchronized boolean isSubscribed(Subscriber subscriber, String conversationId) {
        return bySubscriber.getOrDefault(subscriber, Set.of()).contains(conversationId);
    }

    /** Returns the head of the conversation; null if it is not known yet: then subscribers receive it later. */
    public synchronized @Nullable HeadNotice head(String conversationId) {
        SubscribedConversation conversation = conversations.get(conversationId);
        return conversation == null ? null : conversation.head;
    }

    public synchronized void unsubscribe(Subscriber subscriber, String conversationId) {
        remove(subscriber, conversationId);
        Set<String> subscribed = bySubscriber.get(subscriber);
        if (subscribed != null && subscribed.remove(conversationId) && subscribed.isEmpty()) {
            bySubscriber.remove(subscriber);
        }
    }

    /** Ends all subscriptions of a session. */
    public synchronized void removeAll(Subscriber subscriber) {
        Set<String> subscribed = bySubscriber.remove(subscriber);
        if (subscribed != null) {
            subscribed.forEach(conversationId -> remove(subscriber, conversationId));
        }
    }

    private void remove(Subscriber subscriber, String conversationId) {
        SubscribedConversation conversation = conversations.get(conversationId);
        if (conversation != null && conversation.subscribers.remove(subscriber) != null && conversation.isRoom()) {
            rooms.left(conversationId, subscriber.userId());
        }
    }

    /** Delivers an event to all subscribers, and then ends the subscriptions of users who left with it. */
    public void accept(FollowedEvent delivery) {
        ConversationEvent event = delivery.getEvent();
        Collection<Subscriber> subscribers = apply(event);
        LiveEvent live = new LiveEvent(event);
        for (Subscriber subscriber : subscribers) {
            subscriber.onEvent(live, delivery.getOriginSessionId());
        }
        removeDeparted(event, subscribers);
    }

    /** Ends the subscriptions of those whose user left with the event, unless the user has joined again since. */
    public void removeDeparted(ConversationEvent event, Collection<? extends Subscriber> subscribers) {
        Departures departures = Departures.of(event);
        for (Subscriber subscriber : subscribers) {
            if (departures.include(subscriber.userId())) {
                removeDeparted(event, subscriber);
            }
        }
    }

    private synchronized void removeDeparted(ConversationEvent event, Subscriber subscriber) {
        SubscribedConversation conversation = conversations.get(event.getConversationId());
        Long since = conversation == null ? null : conversation.subscribers.get(subscriber);
        if (since != null && since < event.getSeq()) {
            unsubscribe(subscriber, event.getConversationId());
        }
    }

    /**
     * Takes over the head of a conversation. Subscribers receive the first one at once, as they wait for it, and later ones
     * at a tick, at most every {@link #HEAD_INTERVAL}: the head of a busy room changes all the time and must not delay answers
     * and messages.
     */
    public void accept(HeadNotice notice) {
        HeadNotice first;
        Collection<Subscriber> subscribers;
        synchronized (this) {
            SubscribedConversation conversation = conversation(notice.getConversationId());
            boolean isFirst = conversation.head == null;
            conversation.updateHead(notice);
            first = isFirst ? conversation.head : null;
            if (isFirst) {
                conversation.headSentNanos = nanoTime.getAsLong();
            } else {
                conversation.headChanged = true;
            }
            subscribers = conversation.subscribers.keySet();
        }
        if (first != null) {
            send(subscribers, first);
        }
    }

    private static void send(Collection<Subscriber> subscribers, HeadNotice head) {
        LiveHead live = new LiveHead(head);
        subscribers.forEach(subscriber -> subscriber.onHead(live));
    }

    /**
     * CONVERSATION has processed a {@code GatewayGone} record of this gateway and ended some or all of its subscriptions.
     *
     * @param goneEpoch an earlier epoch than this gateway's: nothing changes
     */
    public synchronized void onGatewayGone(long goneEpoch) {
        if (goneEpoch >= epoch) {
            conversations.values().forEach(SubscribedConversation::gatewayUnsubscribed);
        }
    }

    /** Announces what the log does not know yet, sends changed heads, and forgets conversations without subscribers. */
    public void tick() {
        announceAll();
        changedHeads().forEach((subscribers, head) -> send(subscribers, head));
    }

    private synchronized void announceAll() {
        conversations.values().removeIf(SubscribedConversation::isOver);
        for (SubscribedConversation conversation : conversations.values()) {
            if (!conversation.announcing && !conversation.isAnnounced()) {
                announce(conversation);
            }
        }
    }

    private synchronized Map<Collection<Subscriber>, HeadNotice> changedHeads() {
        Map<Collection<Subscriber>, HeadNotice> changed = new IdentityHashMap<>();
        long now = nanoTime.getAsLong();
        for (SubscribedConversation conversation : conversations.values()) {
            HeadNotice head = conversation.head;
            if (head != null
                    && conversation.headChanged
                    && now - conversation.headSentNanos >= HEAD_INTERVAL.toNanos()) {
                conversation.headChanged = false;
                conversation.headSentNanos = now;
                changed.put(conversation.subscribers.keySet(), head);
            }
        }
        return changed;
    }

    private synchronized Collection<Subscriber> apply(ConversationEvent event) {
        SubscribedConversation conversation = conversation(event.getConversationId());
        conversation.apply(event);
        return conversation.subscribers.keySet();
    }

    private SubscribedConversation conversation(String conversationId) {
        return conversations.computeIfAbsent(conversationId, SubscribedConversation::new);
    }

    private void announce(SubscribedConversation conversation) {
        int sessions = conversation.subscribers.size();
        conversation.announcing = true;
        conversation.doubtful = false;
        if (sessions == 0) {
            conversation.head = null; // further events do not come
        }
        Command subscribe = Command.newBuilder()
                .setCommandId(CommandId.next())
                .setConversationId(conversation.conversationId())
                .setSubscribeGateway(SubscribeGateway.newBuilder()
                        .setGatewaySlot(slot)
                        .setGatewayEpoch(epoch)
                        .setSessions(sessions))
                .build();
        log.append(subscribe, failure -> announced(conversation, sessions, failure));
    }

    private synchronized void announced(
            SubscribedConversation conversation, int sessions, @Nullable Exception failure) {
        conversation.announcing = false;
        if (failure == null) {
            conversation.announced = conversation.doubtful ? SubscribedConversation.UNKNOWN : sessions;
            if (sessions == 0 && !conversation.subscribers.isEmpty()) {
                announce(conversation);
            }
        } else {
            conversation.announced = SubscribedConversation.UNKNOWN;
            LOG.warn(
                    "SubscribeGateway could not be appended; retrying conversation={} sessions={}",
                    conversation.conversationId(),
                    sessions,
                    failure);
        }
    }
}
