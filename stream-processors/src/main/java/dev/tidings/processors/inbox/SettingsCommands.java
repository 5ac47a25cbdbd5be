package dev.tidings.processors.inbox;

import dev.tidings.processors.inbox.notification.Notifier;
import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.session.PresencePublisher;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.Invitations;
import dev.tidings.processors.inbox.view.Membership;
import dev.tidings.processors.inbox.view.SettingsDecider;
import dev.tidings.processors.rules.Inspection;
import dev.tidings.processors.rules.Rules;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Session;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.ViewDelivery;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Handles the commands that change a user's settings for conversations and notifications. */
final class SettingsCommands {

    private final InboxStores stores;
    private final UserOutput output;
    private final PresencePublisher presence;
    private final Notifier notifier;
    private final Rules rules;

    SettingsCommands(
            InboxStores stores, UserOutput output, PresencePublisher presence, Notifier notifier, Rules rules) {
        this.stores = stores;
        this.output = output;
        this.presence = presence;
        this.notifier = notifier;
        this.rules = rules;
    }

    void change(Record<String, UserCommand> record, ChangeSettings command) {
        output.requireSlot(command.getOrigin().getGatewaySlot());
        Refusal flaw = UserCommandCheck.check(record.key(), command);
        if (flaw == null) {
            flaw = checkKnown(record.key(), command.getConversationId());
        }
        if (flaw != null) {
            output.refuse(record, command.getOrigin(), flaw);
            return;
        }
        String conversationId = command.getConversationId();
        ViewRecord before = stores.view(record.key(), conversationId);
        ViewRecord after = Broadcasts.isBroadcast(conversationId)
                ? SettingsDecider.change(before, stores.broadcast(conversationId), command)
                : SettingsDecider.change(before, command);
        boolean unchanged = after.equals(before);
        if (!unchanged) {
            put(record, command, before, after);
            follow(record, conversationId, before);
        }
        output.applied(record, command.getOrigin(), conversationId, unchanged);
    }

    void changeProfile(Record<String, UserCommand> record, ChangeProfile command) {
        output.requireSlot(command.getOrigin().getGatewaySlot());
        Refusal flaw = UserCommandCheck.check(command);
        Inspection status = Inspection.of(rules, text(command.getStatus()));
        if (flaw == null) {
            flaw = status.refusal();
        }
        if (flaw != null) {
            output.refuse(record, command.getOrigin(), flaw);
            return;
        }
        boolean changed = command.hasStatus()
                && presence.changeStatus(record, status.content().getText().getBody());
        if (command.hasGroupInvitations()) {
            UserRecord before = stores.user(record.key());
            if (before.getGroupInvitations() != command.getGroupInvitations()) {
                stores.putUser(
                        record.key(),
                        before.toBuilder()
                                .setGroupInvitations(command.getGroupInvitations())
                                .build());
                changed = true;
            }
        }
        if (command.hasNotifications()) {
            DevicesRecord before = stores.devices(record.key());
            DevicesRecord after = SettingsDecider.change(before, command.getNotifications());
            if (!after.equals(before)) {
                stores.putDevices(record.key(), after);
                changed = true;
            }
        }
        output.applied(record, command.getOrigin(), "", !changed);
    }

    private static Content text(String text) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text))
                .build();
    }

    /**
     * Returns a refusal if the user has no such conversation. A private conversation may have settings before its first
     * message, such as a draft.
     */
    private @Nullable Refusal checkKnown(String userId, String conversationId) {
        return switch (ConversationId.parse(conversationId)) {
            case ConversationId.Group _ ->
                stores.view(userId, conversationId).hasGroup()
                                && !Invitations.isRefused(stores.view(userId, conversationId))
                        ? null
                        : Refusals.of(Refusal.Reason.NOT_A_MEMBER, userId + " does not belong to " + conversationId);
            case ConversationId.Broadcast _ ->
                stores.broadcast(conversationId).getLastSeq() > 0
                        ? null
                        : Refusals.of(Refusal.Reason.CONVERSATION_NOT_FOUND, "there is no broadcast " + conversationId);
            case null -> null;
            case ConversationId.Private _, ConversationId.SystemAccount _, ConversationId.Room _ -> null;
        };
    }

    /** Makes all devices of the user follow a large group whose invitation the user has accepted. */
    private void follow(Record<String, UserCommand> record, String conversationId, ViewRecord before) {
        ViewRecord after = stores.view(record.key(), conversationId);
        if (Membership.follows(before) || !Membership.follows(after)) {
            return;
        }
        for (Session session : stores.user(record.key()).getSessionsList()) {
            Follow.Builder follow = Follow.newBuilder()
                    .setSessionId(session.getSessionId())
                    .addConversationIds(conversationId)
                    .addJoinedSeqs(after.getGroup().getJoinedSeq());
            output.deliver(
                    record, session.getGatewaySlot(), Delivery.newBuilder().setFollow(follow));
        }
    }

    private void put(
            Record<String, UserCommand> record, ChangeSettings command, ViewRecord before, ViewRecord changed) {
        String conversationId = command.getConversationId();
        UserRecord user = stores.user(record.key());
        long seen =
                stores.shown(conversationId, before, UserOutput.timeOf(record)).getVersion();
        ViewRecord view = stores.bounded(
                record.key(),
                conversationId,
                changed.toBuilder()
                        .setVersion(stores.clock().versionAfter(seen))
                        .build());
        stores.putView(record.key(), conversationId, view);
        ConversationView shown = stores.shown(conversationId, view, UserOutput.timeOf(record));
        output.tell(record, UserEvent.newBuilder().setViewChanged(shown));
        notifier.viewChanged(record.key(), conversationId, before, view, UserOutput.timeOf(record));
        TreeMap<Integer, ViewDelivery.Builder> deliveries = new TreeMap<>();
        for (Session session : user.getSessionsList()) {
            // the requesting session gets a reply, and the view by its next sync; but the result of an accepted
            // invitation is only in the view
            if (command.getAcceptInvitation()
                    || !session.getSessionId().equals(command.getOrigin().getSessionId())) {
                deliveries
                        .computeIfAbsent(
                                session.getGatewaySlot(),
                                slot -> ViewDelivery.newBuilder().setView(shown))
                        .addSessionIds(session.getSessionId());
            }
        }
        deliveries.forEach((slot, delivery) ->
                output.deliver(record, slot, Delivery.newBuilder().setView(delivery)));
    }
}
