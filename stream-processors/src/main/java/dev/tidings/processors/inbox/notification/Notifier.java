package dev.tidings.processors.inbox.notification;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.inbox.output.InboxSinks;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.UnindexedViews;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.MentionRules;
import dev.tidings.processors.inbox.view.Previews;
import dev.tidings.processors.inbox.view.UnreadCounts;
import dev.tidings.processors.notification.NotificationDecider;
import dev.tidings.processors.notification.UnreadConversation;
import dev.tidings.processors.store.Counts;
import dev.tidings.schemas.Limits;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.NotableMessage;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.Notification;
import dev.tidings.v1.NotifyOfMissed;
import dev.tidings.v1.UserBadge;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Notifies users of messages that reached none of their devices, and records which ones. Keeps the badge of waiting
 * notifications up to date. All times are times in the log. Recording a notification does not change the view's
 * version, because clients do not see it.
 */
public final class Notifier {

    /**
     * The largest number of conversations read by one record, over all users. Further records continue with the rest: a
     * record that takes longer than the transaction timeout would be retried for ever.
     */
    public static final int MAX_VIEWS_AT_ONCE = Limits.STORE_OPERATIONS_PER_STEP;

    private final ProcessorContext<Object, Message> context;
    private final InboxStores stores;
    private final NotificationDecider decider;
    private final Counts dropped;
    private int viewsLeft;

    public Notifier(ProcessorContext<Object, Message> context, InboxStores stores, NotificationDecider decider) {
        this.context = context;
        this.stores = stores;
        this.decider = decider;
        this.dropped = new Counts(context, "notification", "dropped");
    }

    /** Starts a record. Must be called before any other method. */
    public void begin() {
        viewsLeft = MAX_VIEWS_AT_ONCE;
    }

    /**
     * Notifies a user without a session of the last message of a conversation.
     *
     * @param view the view as it is stored
     * @return true if a notification is written now or by a further record
     */
    public boolean offline(String userId, String conversationId, ViewRecord view, Timestamp at) {
        UnreadConversation unseen = unseen(userId, conversationId, view, at);
        return isNews(unseen, at) && send(unseen, unseen.view(), stores.devices(userId), at);
    }

    /** Notifies a user without a session who is mentioned by an edit; the edited message need not be the last one. */
    public void mentionedByEdit(String userId, ConversationEvent event, ViewRecord view, Timestamp at) {
        MessageEdited edited = event.getMessageEdited();
        NotableMessage.Builder notable = NotableMessage.newBuilder()
                .setMessageId(edited.getMessageId())
                .setMentioned(true)
                .setMentionedByName(MentionRules.isByName(userId, edited.getMentions()));
        UnreadCounts.expiry(view, edited.getMessageIndex()).ifPresent(notable::setExpiresAt);
        ViewRecord asOfEdit = view.toBuilder()
                .setLastMessage(Previews.of(edited))
                .setNotable(notable)
                .build();
        UnreadConversation unseen = unseen(userId, event.getConversationId(), asOfEdit, at);
        if (isNews(unseen, at)) {
            send(unseen, view, stores.devices(userId), at);
        }
    }

    /**
     * Notifies the user of the messages that their last session has not acknowledged.
     *
     * @param firstByConversation the first unacknowledged seq of each conversation
     */
    public void missed(String userId, SortedMap<String, Long> firstByConversation, Timestamp at) {
        NotifyOfMissed.Builder missed = NotifyOfMissed.newBuilder().setMissedBy(userId);
        firstByConversation.forEach((conversationId, firstSeq) -> {
            ViewRecord view = stores.view(userId, conversationId);
            if (view.getLastMessage().getSeq() >= firstSeq && isNews(unseen(userId, conversationId, view, at), at)) {
                MissedMessages.add(missed, conversationId, view);
            }
        });
        if (missed.getFoundCount() > 0) {
            step(missed, stores.devices(userId), at);
        }
    }

    /**
     * Notifies the user of messages since a time, after their last session was lost together with its acknowledgements.
     */
    public void missedSince(String userId, Timestamp since, Timestamp at) {
        step(NotifyOfMissed.newBuilder().setMissedBy(userId).setSince(since), stores.devices(userId), at);
    }

    /** Continues with a further step. Stops if messages are to be notified of and the user has a session again. */
    public void proceed(NotifyOfMissed command, Timestamp at) {
        if (command.getBadgeChanged()) {
            writeBadge(command.getMissedBy(), at);
        } else if (stores.user(command.getMissedBy()).getSessionsCount() == 0) {
            step(command.toBuilder(), stores.devices(command.getMissedBy()), at);
        }
    }

    /**
     * Writes the user's badge to {@code user-events} if the change of a view has changed it while a notification may wait at
     * the push sink, which then sends it with this badge.
     */
    public void viewChanged(String userId, String conversationId, ViewRecord before, ViewRecord after, Timestamp at) {
        if (UnreadCounts.inBadge(stores.seen(conversationId, before), at)
                        != UnreadCounts.inBadge(stores.seen(conversationId, after), at)
                && PendingNotifications.mayExist(stores.user(userId), at)) {
            writeBadge(userId, at);
        }
    }

    private void writeBadge(String userId, Timestamp at) {
        OptionalLong badge = badge(userId, at);
        if (badge.isEmpty()) {
            proceedLater(NotifyOfMissed.newBuilder().setMissedBy(userId).setBadgeChanged(true), at);
            return;
        }
        UserEvent event = UserEvent.newBuilder()
                .setUserId(userId)
                .setAt(at)
                .setBadgeChanged(UserBadge.newBuilder()
                        .setUnread(badge.getAsLong())
                        .setVersion(stores.clock().position()))
                .build();
        context.forward(new Record<>(userId, event, Timestamps.toMillis(at)), InboxSinks.USER_EVENTS);
    }

    /** Reads some of the user's conversations; notifies after the last one. */
    private void step(NotifyOfMissed.Builder missed, DevicesRecord devices, Timestamp at) {
        if (!NotificationDecider.canBeNotified(devices)) {
            return;
        }
        if (missed.hasSince() && !find(missed, at)) {
            proceedLater(missed, at);
            return;
        }
        if (missed.getFoundCount() == 0) {
            return;
        }
        badge(missed.getMissedBy(), at)
                .ifPresentOrElse(
                        badge -> missed.getFoundList()
                                .forEach(found -> notifyOfMissed(
                                        missed.getMissedBy(), found.getConversationId(), devices, badge, at)),
                        () -> proceedLater(missed, at));
    }

    /** Notifies a user without a session of a broadcast. */
    public void broadcast(String userId, String conversationId, BroadcastRecord broadcast, Timestamp at) {
        ViewRecord own = stores.view(userId, conversationId);
        UnreadConversation unseen = unseen(userId, conversationId, Broadcasts.seen(broadcast, own), at);
        if (isNews(unseen, at)) {
            send(unseen, own, stores.devices(userId), at);
        }
    }

    private boolean isNews(UnreadConversation unseen, Timestamp at) {
        if (Invitations.isPending(unseen.view())) {
            return false;
        }
        if (NotificationDecider.hasExpired(unseen, at)) {
            dropped.count("EXPIRED");
        }
        return NotificationDecider.isNews(unseen, at);
    }

    private void notifyOfMissed(String userId, String conversationId, DevicesRecord devices, long badge, Timestamp at) {
        ViewRecord own = stores.view(userId, conversationId);
        UnreadConversation unseen = unseen(userId, conversationId, stores.seen(conversationId, own), at);
        if (NotificationDecider.isNews(unseen, at)) {
            decider.decide(unseen, devices, at, () -> badge)
                    .ifPresent(notification -> publish(unseen, own, notification, at));
        }
    }

    /**
     * Writes the notification and records it in the view. A further record does so if the badge needs too many views.
     *
     * @param stored the view to store; for a broadcast only the user's own view, without the shared state
     * @return false if the user must not be notified
     */
    private boolean send(UnreadConversation unseen, ViewRecord stored, DevicesRecord devices, Timestamp at) {
        Optional<Notification> notification = decider.decide(unseen, devices, at, () -> 0);
        if (notification.isEmpty()) {
            return false;
        }
        OptionalLong badge = badge(unseen.userId(), at);
        if (badge.isPresent()) {
            publish(
                    unseen,
                    stored,
                    notification.get().toBuilder().setBadge(badge.getAsLong()).build(),
                    at);
        } else {
            NotifyOfMissed.Builder later = NotifyOfMissed.newBuilder().setMissedBy(unseen.userId());
            MissedMessages.add(later, unseen.conversationId(), unseen.view());
            proceedLater(later, at);
        }
        return true;
    }

    private void publish(UnreadConversation unseen, ViewRecord stored, Notification notification, Timestamp at) {
        String userId = unseen.userId();
        stores.putView(
                userId, unseen.conversationId(), NotificationDecider.notified(stored, notification.getSeq(), at));
        UserRecord user = stores.user(userId);
        UserRecord notified = PendingNotifications.notified(user, at);
        if (notified != user) {
            stores.putUser(userId, notified);
        }
        Notification versioned = notification.toBuilder()
                .setBadgeVersion(stores.clock().position())
                .build();
        context.forward(new Record<>(userId, versioned, Timestamps.toMillis(at)), InboxSinks.NOTIFICATIONS);
    }

    /** Returns the user's badge; empty if it needs more views than this record may still read. */
    private OptionalLong badge(String userId, Timestamp at) {
        if (viewsLeft < MAX_VIEWS_AT_ONCE && viewsLeft < UnindexedViews.countForBadge(stores, userId)) {
            return OptionalLong.empty();
        }
        UnindexedViews read = UnindexedViews.forBadge(stores, userId, at);
        viewsLeft -= 1 + read.views().size();
        return OptionalLong.of(read.badge());
    }

    /**
     * Reads further conversations of the user within the record's budget, and collects those with missed messages.
     *
     * @return true if no conversations are left
     */
    private boolean find(NotifyOfMissed.Builder missed, Timestamp at) {
        String userId = missed.getMissedBy();
        if (viewsLeft <= 0) {
            return false;
        }
        int limit = viewsLeft;
        SortedMap<String, ViewRecord> views = stores.viewsAfter(userId, missed.getAfterConversationId(), limit);
        views.forEach((conversationId, view) -> {
            if (!Broadcasts.isBroadcast(conversationId)
                    && Timestamps.compare(view.getLastMessage().getSentAt(), missed.getSince()) > 0
                    && isNews(unseen(userId, conversationId, view, at), at)) {
                MissedMessages.add(missed, conversationId, view);
            }
        });
        viewsLeft -= views.size();
        if (!views.isEmpty()) {
            missed.setAfterConversationId(views.lastKey());
        }
        return views.size() < limit;
    }

    private void proceedLater(NotifyOfMissed.Builder missed, Timestamp at) {
        UserCommand command = UserCommand.newBuilder().setNotifyOfMissed(missed).build();
        context.forward(
                new Record<>(context.taskId().partition(), command, Timestamps.toMillis(at)), InboxSinks.USER_COMMANDS);
    }

    private static UnreadConversation unseen(String userId, String conversationId, ViewRecord view, Timestamp at) {
        return new UnreadConversation(userId, conversationId, view, UnreadCounts.messages(view, at));
    }
}
