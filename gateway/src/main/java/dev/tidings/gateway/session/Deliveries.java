package dev.tidings.gateway.session;

import dev.tidings.gateway.follow.Follower;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveEvent;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * What happens, on its way to the client of one session: each event once, numbered, again if it is not acknowledged, and
 * not at all once its time has passed. Before {@link #begin} all of it is held back. Not thread-safe: used in the
 * session's turn only.
 */
final class Deliveries {

    private final Follower session;
    private final Transport transport;
    private final Following following;
    private final DeliveryWindow window;
    private final IntConsumer expired;
    private final Runnable tooSlow;
    private final SeenEvents seen = new SeenEvents();
    private final List<Runnable> heldBack = new ArrayList<>();
    private boolean begun;

    /**
     * @param expired hears how many events were dropped because their time has passed
     * @param tooSlow ends the session, whose client is too far behind
     */
    Deliveries(
            Follower session,
            Transport transport,
            Following following,
            DeliveryWindow window,
            IntConsumer expired,
            Runnable tooSlow) {
        this.session = session;
        this.transport = transport;
        this.following = following;
        this.window = window;
        this.expired = expired;
        this.tooSlow = tooSlow;
    }

    /** The client knows that it is connected. */
    void begin() {
        begun = true;
        heldBack.forEach(Runnable::run);
        heldBack.clear();
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
                head(head);
            }
        }
    }

    void head(HeadNotice head) {
        ServerFrame frame = ServerFrame.newBuilder().setHead(head).build();
        unasked(() -> transport.send(frame));
    }

    /** @return false where nothing with that number was ever sent */
    boolean acknowledge(long upTo, long nowNanos) {
        return window.acknowledge(upTo, nowNanos);
    }

    void sendAgainWhatIsOverdue(long nowNanos) {
        switch (window.overdue(nowNanos, System.currentTimeMillis())) {
            case DeliveryWindow.Overdue.Nothing() -> {}
            case DeliveryWindow.Overdue.Resend(var frames, var dropped) -> {
                expired.accept(dropped);
                frames.forEach(transport::send);
            }
            case DeliveryWindow.Overdue.GiveUp() -> tooSlow.run();
        }
    }

    /** @return false where that has ended the session */
    private boolean hand(LiveEvent live) {
        if (live.isExpired(System.currentTimeMillis())) {
            expired.accept(1);
        } else if (window.isFull()) {
            tooSlow.run();
            return false;
        } else {
            EventFrame frame = window.add(live, System.nanoTime());
            unasked(() -> transport.send(frame));
        }
        return true;
    }

    private void unasked(Runnable saying) {
        if (begun) {
            saying.run();
        } else {
            heldBack.add(saying);
        }
    }
}
