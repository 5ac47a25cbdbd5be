package dev.tidings.gateway.session;

import dev.tidings.gateway.follow.Follower;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.gateway.frame.LiveHead;
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
 * What happens, on its way to the client of one session: each event once, numbered, again if it is not acknowledged, and
 * not at all once its time has passed. What is worth something only at once (who is typing, who is present) has no number,
 * and is the first to be dropped where the client does not keep up. Before {@link #begin} all of it is held back. Not thread-safe: used in the
 * session's turn only.
 */
final class Deliveries {

    /** What becomes of deliveries. */
    interface Outcome {

        /** The client has it. */
        void arrived(ConversationEvent event);

        /** So many were dropped because their time has passed. */
        void expired(int deliveries);

        /** One was dropped that is worth something only at once, because the client does not keep up. */
        void dropped();

        /** The client is too far behind: the session has to end. */
        void tooSlow();
    }

    private final Follower session;
    private final Transport transport;
    private final Following following;
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
            Follower session,
            Transport transport,
            Following following,
            DeliveryWindow window,
            LongSupplier logMillis,
            Outcome outcome) {
        this.session = session;
        this.transport = transport;
        this.following = following;
        this.window = window;
        this.logMillis = logMillis;
        this.outcome = outcome;
    }

    /** The client knows that it is connected. */
    void begin() {
        begun = true;
        heldBack.forEach(Runnable::run);
        heldBack.clear();
        heldBackBytes = 0;
        heldBackHeads.values().forEach(transport::send);
        heldBackHeads.clear();
    }

    /** Of what the client has not acknowledged, or has not been sent because it is not connected yet. */
    long bytes() {
        return window.bytes() + heldBackBytes;
    }

    /** The session has ended. */
    void end() {
        window.clear();
        heldBack.clear();
        heldBackBytes = 0;
        heldBackHeads.clear();
    }

    /**
     * An event that concerns the session's user by name.
     *
     * @param follow the conversation is large: its further events do not come by name
     */
    void byName(LiveEvent live, boolean follow) {
        ConversationEvent event = live.event();
        if (seen.byName(event, follow) && !hand(live)) {
            return;
        }
        if (follow) {
            follow(event.getConversationId(), event.getSeq());
        }
        following.departed(event, Set.of(session));
    }

    /** @param answered it is the session's own doing, and its answer has said so */
    void byFollowing(LiveEvent live, boolean answered) {
        if (seen.byFollowing(live.event()) && !answered) {
            hand(live);
        }
    }

    /** @param sinceSeq see {@link Following#follow} */
    void follow(String conversationId, long sinceSeq) {
        if (following.follow(session, conversationId, sinceSeq)) {
            HeadNotice head = following.head(conversationId);
            if (head != null) {
                head(new LiveHead(head));
            }
        }
    }

    /** Of several for one conversation, the last counts: only that one waits. */
    void head(LiveHead head) {
        if (begun) {
            transport.send(head);
        } else {
            heldBackHeads.put(head.notice().getConversationId(), head);
        }
    }

    void view(ConversationView view) {
        ServerFrame frame = ServerFrame.newBuilder().setView(view).build();
        unasked(() -> transport.send(frame), frame.getSerializedSize());
    }

    void presence(Presence presence) {
        ServerFrame frame = ServerFrame.newBuilder().setPresence(presence).build();
        nowOrNever(() -> transport.send(frame));
    }

    /** @return false where nothing with that number was ever sent */
    boolean acknowledge(long upTo, long nowNanos) {
        return window.acknowledge(
                upTo, nowNanos, frame -> outcome.arrived(frame.event().event()));
    }

    /** In the order in which it was sent. */
    List<ConversationEvent> unacknowledged() {
        return window.unacknowledged().stream()
                .map(frame -> frame.event().event())
                .toList();
    }

    void sendAgainWhatIsOverdue(long nowNanos) {
        switch (window.overdue(nowNanos, logMillis.getAsLong())) {
            case DeliveryWindow.Overdue.Nothing() -> {}
            case DeliveryWindow.Overdue.Resend(var frames, var dropped) -> {
                outcome.expired(dropped);
                frames.forEach(transport::send);
            }
            case DeliveryWindow.Overdue.GiveUp() -> outcome.tooSlow();
        }
    }

    /** @return false where that has ended the session */
    private boolean hand(LiveEvent live) {
        if (live.isEphemeral()) {
            nowOrNever(() -> transport.send(EventFrame.ephemeral(live)));
        } else if (live.isExpired(logMillis.getAsLong())) {
            outcome.expired(1);
        } else {
            boolean isFull = window.isFull();
            EventFrame frame = window.add(live, System.nanoTime()); // in any case: it is among what was not delivered
            if (isFull) {
                outcome.tooSlow();
                return false;
            }
            unasked(() -> transport.send(frame), 0); // the window counts it
        }
        return true;
    }

    /** Later it is worth nothing: it waits neither for the client to be connected nor behind much else. */
    private void nowOrNever(Runnable saying) {
        if (begun && !transport.isBehind()) {
            saying.run();
        } else {
            outcome.dropped();
        }
    }

    private void unasked(Runnable saying, int bytes) {
        if (begun) {
            saying.run();
        } else {
            heldBack.add(saying);
            heldBackBytes += bytes;
        }
    }
}
