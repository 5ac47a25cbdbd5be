package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.gateway.subscription.ConversationSubscriptions;
import dev.tidings.gateway.subscription.Subscriber;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.Presence;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Sends live events, heads, views and presence to the client of one session.
 *
 * <p>Each event is sent once, with a delivery number, and again until it is acknowledged or has expired. Typing and presence
 * have no number: they are dropped if the client does not keep up. Before {@link #begin} everything is held back. Not
 * thread-safe: guarded by the session's lock.
 */
final class Deliveries {

    /** Receives the outcomes of deliveries. */
    interface Outcome {

        /** The event is given to the socket for the first time. */
        void sent(ConversationEvent event);

        /** The client has acknowledged the event. */
        void acknowledged(ConversationEvent event);

        /** So many frames are given to the socket again. */
        void sentAgain(int frames);

        /** Events were not sent, or not sent again, because they have expired. */
        void expired(int events);

        /** A typing or presence frame was dropped because the client does not keep up. */
        void dropped();

        /** The client is too far behind: the session must end. */
        void tooSlow();
    }

    private final Subscriber session;
    private final Transport transport;
    private final ConversationSubscriptions subscriptions;
    private final DeliveryWindow window;
    private final LongSupplier logMillis;
    private final Outcome outcome;
    private final SeenEvents seen = new SeenEvents();
    private final List<Runnable> heldBack = new ArrayList<>();
    private final Map<String, LiveHead> heldBackHeads = new LinkedHashMap<>();
    private long heldBackBytes;
    private boolean begun;

    /** @param logMillis the time of the log, by which messages expire */
    Deliveries(
            Subscriber session,
            Transport transport,
            ConversationSubscriptions subscriptions,
            DeliveryWindow window,
            LongSupplier logMillis,
            Outcome outcome) {
        this.session = session;
        this.transport = transport;
        this.subscriptions = subscriptions;
        this.window = window;
        this.logMillis = logMillis;
        this.outcome = outcome;
    }

    /** {@code connected} has been sent: sends what was held back. */
    void begin() {
        begun = true;
        heldBack.forEach(Runnable::run);
        heldBack.clear();
        heldBackBytes = 0;
        heldBackHeads.values().forEach(transport::send);
        heldBackHeads.clear();
    }

    /** Bytes of frames that the client has not acknowledged or that are held back. */
    long bytes() {
        return window.bytes() + heldBackBytes;
    }

    /** The session has ended: releases everything. */
    void end() {
        window.clear();
        heldBack.clear();
        heldBackBytes = 0;
        heldBackHeads.clear();
    }

    /**
     * Delivers an event that INBOX addressed to the session.
     *
     * @param follow the conversation is large: subscribes to its further events, which INBOX does not address
     */
    void addressed(LiveEvent live, boolean follow) {
        ConversationEvent event = live.event();
        if (seen.addressed(event, follow) && !deliver(live)) {
            return;
        }
        if (follow) {
            subscribe(event.getConversationId(), event.getSeq());
        }
        subscriptions.removeDeparted(event, Set.of(session));
    }

    /**
     * Delivers an event of a subscribed conversation.
     *
     * @param isAnswered whether the session caused the event and got an answer
     */
    void subscribed(LiveEvent live, boolean isAnswered) {
        if (seen.subscribed(live.event()) && !isAnswered) {
            deliver(live);
        }
    }

    /** @param sinceSeq see {@link ConversationSubscriptions#subscribe} */
    void subscribe(String conversationId, long sinceSeq) {
        if (subscriptions.subscribe(session, conversationId, sinceSeq)) {
            HeadNotice head = subscriptions.head(conversationId);
            if (head != null) {
                head(new LiveHead(head));
            }
        }
    }

    /** Sends a head. Of several held back for one conversation only the last is sent. */
    void head(LiveHead head) {
        if (begun) {
            transport.send(head);
        } else {
            heldBackHeads.put(head.notice().getConversationId(), head);
        }
    }

    void view(ConversationView view) {
        ServerFrame frame = ServerFrame.newBuilder().setView(view).build();
        sendOrHoldBack(() -> transport.send(frame), frame.getSerializedSize());
    }

    void presence(Presence presence) {
        ServerFrame frame = ServerFrame.newBuilder().setPresence(presence).build();
        sendOrDrop(() -> transport.send(frame));
    }

    /** @return false if no frame with that number was sent */
    boolean acknowledge(long upTo, long nowNanos) {
        return window.acknowledge(
                upTo, nowNanos, frame -> outcome.acknowledged(frame.event().event()));
    }

    /** Returns the unacknowledged events in the order in which they were sent. */
    List<ConversationEvent> unacknowledged() {
        return window.unacknowledged().stream()
                .map(frame -> frame.event().event())
                .toList();
    }

    void resendOverdue(long nowNanos) {
        switch (window.overdue(nowNanos, logMillis.getAsLong())) {
            case DeliveryWindow.Overdue.None() -> {}
            case DeliveryWindow.Overdue.Resend(var frames, var expired) -> {
                outcome.expired(expired);
                frames.forEach(transport::send);
                outcome.sentAgain(frames.size());
            }
            case DeliveryWindow.Overdue.GiveUp() -> outcome.tooSlow();
        }
    }

    /** @return false if this has ended the session */
    private boolean deliver(LiveEvent live) {
        if (live.isEphemeral()) {
            sendOrDrop(() -> transport.send(EventFrame.ephemeral(live)));
        } else if (live.isExpired(logMillis.getAsLong())) {
            outcome.expired(1);
        } else {
            boolean wasFull = window.isFull();
            EventFrame frame = window.add(live, System.nanoTime()); // even if full: it counts as undelivered then
            if (wasFull) {
                outcome.tooSlow();
                return false;
            }
            sendOrHoldBack(() -> send(frame), 0); // the window counts its bytes
        }
        return true;
    }

    private void send(EventFrame frame) {
        transport.send(frame);
        outcome.sent(frame.event().event());
    }

    /** Sends what is worthless later, if the client is connected and keeps up. */
    private void sendOrDrop(Runnable send) {
        if (begun && !transport.isBehind()) {
            send.run();
        } else {
            outcome.dropped();
        }
    }

    private void sendOrHoldBack(Runnable send, int bytes) {
        if (begun) {
            send.run();
        } else {
            heldBack.add(send);
            heldBackBytes += bytes;
        }
    }
}
