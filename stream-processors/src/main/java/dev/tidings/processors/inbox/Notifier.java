package dev.tidings.processors.inbox;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.notification.NotificationDecider;
import dev.tidings.processors.notification.Unseen;
import dev.tidings.processors.parts.Counts;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageEdited;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Notifies users of messages that reached none of their devices, and remembers of which. Times are those of the log. What
 * is remembered gives a view no new version: nobody sees it.
 */
final class Notifier {

    private final ProcessorContext<Object, Message> context;
    private final InboxStores stores;
    private final NotificationDecider decider;
    private final Counts dropped;

    Notifier(ProcessorContext<Object, Message> context, InboxStores stores, NotificationDecider decider) {
        this.context = context;
        this.stores = stores;
        this.decider = decider;
        this.dropped = new Counts(context, "notification", "dropped");
    }

    /**
     * The last message of a conversation has found the user without a session.
     *
     * @param view as it is stored
     */
    void offline(String userId, String conversationId, ViewRecord view, Timestamp at) {
        Unseen unseen = unseen(userId, conversationId, view, at);
        if (isNews(unseen, at)) {
            say(unseen, stores.devices(userId), at);
        }
    }

    /** An edit has mentioned a user without a session, in a message that need not be the last one. */
    void mentionedByEdit(String userId, ConversationEvent event, ViewRecord view, Timestamp at) {
        MessageEdited edited = event.getMessageEdited();
        NotableMessage.Builder notable = NotableMessage.newBuilder()
                .setMessageId(edited.getMessageId())
                .setMentioned(true)
                .setMentionedByName(Mentioning.isByName(userId, edited.getMentions()));
        Unread.expiry(view, edited.getMessageIndex()).ifPresent(notable::setExpiresAt);
        ViewRecord asOfEdit = view.toBuilder()
                .setLastMessage(Previews.of(edited))
                .setNotable(notable)
                .build();
        Unseen unseen = unseen(userId, event.getConversationId(), asOfEdit, at);
        if (isNews(unseen, at)) {
            say(unseen, view, stores.devices(userId), at);
        }
    }

    /** The user's last session has ended without having acknowledged what came from this seq on. */
    void missed(String userId, String conversationId, long fromSeq, Timestamp at) {
        ViewRecord view = stores.view(userId, conversationId);
        if (view.getLastMessage().getSeq() >= fromSeq) {
            offline(userId, conversationId, view, at);
        }
    }

    /** The user's last session has ended without anyone's knowing what it acknowledged after this time. */
    void missedSince(String userId, Timestamp since, Timestamp at) {
        DevicesRecord devices = stores.devices(userId);
        if (!NotificationDecider.canBeNotified(devices)) {
            return;
        }
        List<Unseen> missed = new ArrayList<>();
        stores.forEachView(userId, (conversationId, view) -> {
            Unseen unseen = unseen(userId, conversationId, view, at);
            if (Timestamps.compare(view.getLastMessage().getSentAt(), since) > 0 && isNews(unseen, at)) {
                missed.add(unseen);
            }
        });
        missed.forEach(unseen -> say(unseen, devices, at));
    }

    /** A broadcast has found the user without a session. */
    void broadcast(String userId, String conversationId, BroadcastRecord broadcast, Timestamp at) {
        ViewRecord own = stores.view(userId, conversationId);
        Unseen unseen = unseen(userId, conversationId, Broadcasts.seen(broadcast, own), at);
        if (isNews(unseen, at)) {
            say(unseen, own, stores.devices(userId), at);
        }
    }

    private boolean isNews(Unseen unseen, Timestamp at) {
        if (Invitations.isPending(unseen.view())) {
            return false;
        }
        if (NotificationDecider.hasExpired(unseen, at)) {
            dropped.count("EXPIRED");
        }
        return NotificationDecider.isNews(unseen, at);
    }

    private void say(Unseen unseen, DevicesRecord devices, Timestamp at) {
        say(unseen, unseen.view(), devices, at);
    }

    /** @param stored the view to be stored: of a broadcast only what is the user's own, without what was put in to notify */
    private void say(Unseen unseen, ViewRecord stored, DevicesRecord devices, Timestamp at) {
        decider.decide(unseen, devices, at, () -> badge(unseen.userId(), at)).ifPresent(notification -> {
            stores.putView(
                    unseen.userId(),
                    unseen.conversationId(),
                    NotificationDecider.notified(stored, notification.getSeq(), at));
            context.forward(
                    new Record<>(unseen.userId(), notification, Timestamps.toMillis(at)),
                    InboxTopology.NOTIFICATIONS_SINK);
        });
    }

    private long badge(String userId, Timestamp at) {
        return stores.seenBy(userId, Long.MAX_VALUE, at).badge();
    }

    private static Unseen unseen(String userId, String conversationId, ViewRecord view, Timestamp at) {
        return new Unseen(userId, conversationId, view, Unread.messages(view, at));
    }
}
