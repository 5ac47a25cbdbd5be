package dev.tidings.processors.inbox;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.inbox.notification.Notifier;
import dev.tidings.processors.inbox.output.InboxSinks;
import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.session.PresencePublisher;
import dev.tidings.processors.inbox.session.PresenceWatchers;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.Membership;
import dev.tidings.processors.inbox.view.MentionRules;
import dev.tidings.processors.inbox.view.OwnFacts;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.processors.notification.NotificationDecider;
import dev.tidings.processors.store.AtomicProcessor;
import dev.tidings.processors.store.TraceHeader;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.NotifyOfBroadcast;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Applies an event to the view of each recipient, or to the head that the members of a group share. Delivers it to the
 * recipients' sessions, and notifies recipients without a session of messages.
 */
final class EventProcessor extends AtomicProcessor<Integer, InboxRecord, Object, Message> {

    private final TopicLayout layout;
    private final NotificationDecider notifications;
    private final SyncLimits syncLimits;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private InboxStores stores;

    @SuppressWarnings("NullAway.Init")
    private Notifier notifier;

    @SuppressWarnings("NullAway.Init")
    private PresenceWatchers watchers;

    @SuppressWarnings("NullAway.Init")
    private InvitationOutput invitations;

    EventProcessor(TopicLayout layout, NotificationDecider notifications, SyncLimits syncLimits) {
        this.layout = layout;
        this.notifications = notifications;
        this.syncLimits = syncLimits;
    }

    @Override
    protected void open(ProcessorContext<Object, Message> context) {
        stores = new InboxStores(context, syncLimits);
        notifier = new Notifier(context, stores, notifications);
        invitations = new InvitationOutput(context);
        watchers =
                new PresenceWatchers(context, stores, new PresencePublisher(stores, new UserOutput(context, layout)));
    }

    @Override
    protected void handle(Record<Integer, InboxRecord> record) {
        InboxRecord inbox = record.value();
        stores.clock().atEvent(record.timestamp());
        notifier.begin();
        if (inbox.getEveryone()) {
            applyToBroadcast(record, inbox.getEvent());
            return;
        }
        GroupHeadUpdate head = GroupHeadUpdate.begin(stores, inbox);
        EventDeliveries fanOut = new EventDeliveries(inbox);
        for (int index = 0; index < inbox.getRecipientsCount(); index++) {
            String recipient = inbox.getRecipients(index);
            UserRecord user = stores.user(recipient);
            GroupHeadUpdate.RecipientView view = head.viewOf(recipient);
            ViewRecord before = view.joined();
            ViewRecord after = updateView(record, user, view, head);
            head.decided(after);
            if (Invitations.isPending(after)) {
                if (after != before
                        && !Invitations.adder(recipient, inbox.getEvent()).isEmpty()) {
                    invitations.added(record, index, recipient, user, after, shown(record, after));
                }
                continue;
            }
            if (Invitations.isRefused(before) && !Invitations.isRefused(after) && !Membership.isMember(after)) {
                // the user never saw the group: they left by refusal right after they were added
                continue;
            }
            if (after == before && !Membership.mayReceive(after, inbox.getEvent())) {
                // an event of a membership that has ended without consent, read again
                continue;
            }
            fanOut.add(user.getSessionsList(), before, after);
            if (user.getSessionsCount() == 0) {
                notify(record, recipient, before, after);
            }
        }
        head.complete();
        for (Delivery delivery : fanOut.deliveries()) {
            context()
                    .forward(
                            new Record<>(
                                    delivery.getGatewaySlot(),
                                    delivery,
                                    record.timestamp(),
                                    TraceHeader.of(record.headers())),
                            InboxSinks.DELIVERIES);
        }
    }

    private void notify(Record<Integer, InboxRecord> record, String userId, ViewRecord before, ViewRecord after) {
        ConversationEvent event = record.value().getEvent();
        Timestamp at = Timestamps.fromMillis(record.timestamp());
        if (isLastMessage(event, after)) {
            boolean isNotified = notifier.offline(userId, event.getConversationId(), after, at);
            if (!isNotified && isMessageOfAnother(userId, event)) {
                notifier.viewChanged(userId, event.getConversationId(), before, after, at);
            }
        } else if (MentionRules.isNewlyMentioned(event, before, after)) {
            notifier.mentionedByEdit(userId, event, after, at);
        }
    }

    private static boolean isMessageOfAnother(String userId, ConversationEvent event) {
        return event.hasMessageSent() && !event.getMessageSent().getSender().equals(userId);
    }

    /** Returns the event without its mentions if the recipient has blocked its author. */
    private InboxRecord asFor(String userId, InboxRecord inbox) {
        String author = MentionRules.author(userId, inbox.getEvent());
        return !author.isEmpty()
                        && !author.equals(userId)
                        && stores.privateView(userId, author).getRelation().getBlocked()
                ? MentionRules.withoutMentions(inbox)
                : inbox;
    }

    private static boolean isLastMessage(ConversationEvent event, ViewRecord view) {
        return event.hasMessageSent() && event.getSeq() == view.getLastMessage().getSeq();
    }

    /**
     * Applies an event to a broadcast, delivers it to the gateways with sessions of the partition's users, and starts
     * the notification of users without a session. Does not change any user's view.
     */
    private void applyToBroadcast(Record<Integer, InboxRecord> record, ConversationEvent event) {
        BroadcastRecord before = stores.broadcast(event.getConversationId());
        BroadcastRecord after = Broadcasts.apply(before, event, stores.clock().version());
        if (after.getLastSeq() == before.getLastSeq()) {
            return;
        }
        stores.putBroadcast(event.getConversationId(), after);
        stores.forgetBroadcasts(event.getSentAt());
        deliverBroadcast(record);
        if (event.hasMessageSent() && after.hasNotable()) {
            UserCommand command = UserCommand.newBuilder()
                    .setNotifyOfBroadcast(NotifyOfBroadcast.newBuilder()
                            .setConversationId(event.getConversationId())
                            .setSeq(event.getSeq()))
                    .build();
            context()
                    .forward(
                            new Record<>(context().taskId().partition(), command, record.timestamp()),
                            InboxSinks.USER_COMMANDS);
        }
    }

    /**
     * Forwards one delivery to each gateway that may have sessions of the partition's users, ordered by gateway slot.
     */
    private void deliverBroadcast(Record<Integer, InboxRecord> record) {
        BroadcastDelivery broadcast = BroadcastDelivery.newBuilder()
                .setEvent(record.value().getEvent())
                .setOriginSessionId(record.value().getOriginSessionId())
                .setInboxPartition(record.key())
                .setInboxPartitions(layout.users())
                .build();
        for (int slot = 0; slot < layout.gatewaySlots(); slot++) {
            if (stores.hasUsersOn(slot)) {
                Delivery delivery = Delivery.newBuilder()
                        .setGatewaySlot(slot)
                        .setBroadcast(broadcast)
                        .build();
                context()
                        .forward(
                                new Record<>(slot, delivery, record.timestamp(), TraceHeader.of(record.headers())),
                                InboxSinks.DELIVERIES);
            }
        }
    }

    /** Returns the view of a user whom the event has added to a group, with the user's consent applied. */
    private ViewRecord consented(String userId, UserRecord user, ConversationEvent event, ViewRecord view) {
        String adder = Invitations.adder(userId, event);
        return adder.isEmpty()
                ? view
                : Invitations.added(
                        view,
                        adder,
                        Invitations.consent(user.getGroupInvitations(), event, stores.privateView(userId, adder)));
    }

    private ConversationView shown(Record<Integer, InboxRecord> record, ViewRecord view) {
        return stores.shown(
                record.value().getEvent().getConversationId(), view, Timestamps.fromMillis(record.timestamp()));
    }

    private ViewRecord updateView(
            Record<Integer, InboxRecord> record,
            UserRecord user,
            GroupHeadUpdate.RecipientView view,
            GroupHeadUpdate head) {
        String userId = view.userId();
        ViewRecord before = view.joined();
        ConversationEvent event = record.value().getEvent();
        String conversationId = event.getConversationId();
        long version = stores.clock().versionAfter(before.getVersion());
        InboxRecord received = asFor(userId, record.value());
        ViewRecord changed = ViewDecider.apply(before, userId, received, version);
        if (changed.getVersion() != version) {
            return before;
        }
        ViewRecord after = stores.bounded(userId, conversationId, consented(userId, user, event, changed));
        if (!head.share(view, after)) {
            stores.putView(userId, conversationId, after);
        }
        if (Invitations.isRefused(after)) {
            return after;
        }
        if (OwnFacts.differ(before, after)) {
            UserEvent change = UserEvent.newBuilder()
                    .setUserId(userId)
                    .setAt(event.getSentAt())
                    .setViewChanged(shown(record, after))
                    .build();
            context().forward(new Record<>(userId, change, record.timestamp()), InboxSinks.USER_EVENTS);
        }
        if (!isMessageOfAnother(userId, event)) {
            // a message of another user is notified first, because the notification carries the badge
            notifier.viewChanged(userId, conversationId, before, after, Timestamps.fromMillis(record.timestamp()));
        }
        watchers.relationChanged(record, userId, event, after);
        return after;
    }
}
