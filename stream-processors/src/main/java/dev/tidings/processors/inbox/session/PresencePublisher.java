package dev.tidings.processors.inbox.session;

import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.presence.GatewayTies;
import dev.tidings.processors.presence.PresenceDecider;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.Watcher;
import dev.tidings.v1.Presence;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Keeps users' presence and delivers its changes to the watching sessions. Keeps the index of the gateways of a user's
 * sessions and watchers up to date.
 */
public final class PresencePublisher {

    private final InboxStores stores;
    private final UserOutput output;

    public PresencePublisher(InboxStores stores, UserOutput output) {
        this.stores = stores;
        this.output = output;
    }

    /** Handles a change of the sessions of the record's user; the sessions are stored already. */
    void sessionsChanged(Record<String, UserCommand> record, UserRecord before, UserRecord after) {
        PresenceRecord known = stores.presence(record.key());
        PresenceRecord next = PresenceDecider.afterSessions(known, before, after, UserOutput.timeOf(record));
        keep(record.key(), before, known, after, next);
        tell(
                record,
                next,
                PresenceDecider.seen(record.key(), before, known),
                PresenceDecider.seen(record.key(), after, next));
    }

    /**
     * Changes the status text of the record's user; the text is validated already.
     *
     * @return true if the text differs from the previous one
     */
    public boolean changeStatus(Record<String, UserCommand> record, String status) {
        UserRecord user = stores.user(record.key());
        PresenceRecord known = stores.presence(record.key());
        if (known.getStatus().equals(status)) {
            return false;
        }
        PresenceRecord next = PresenceDecider.withStatus(known, status);
        stores.putPresence(record.key(), next);
        tell(
                record,
                next,
                PresenceDecider.seen(record.key(), user, known),
                PresenceDecider.seen(record.key(), user, next));
        return true;
    }

    /** Returns the presence that other users see. */
    public Presence seen(String userId) {
        return PresenceDecider.seen(userId, stores.user(userId), stores.presence(userId));
    }

    /**
     * Adds a watching session.
     *
     * @return false if the user has {@link PresenceDecider#MAX_WATCHERS} watching sessions already
     */
    public boolean watch(String userId, Watcher watcher) {
        PresenceRecord known = stores.presence(userId);
        if (!PresenceDecider.hasRoomFor(known, watcher)) {
            return false;
        }
        changeWatchers(userId, known, PresenceDecider.watchedBy(known, watcher));
        return true;
    }

    void unwatch(String userId, String sessionId) {
        PresenceRecord known = stores.presence(userId);
        changeWatchers(userId, known, PresenceDecider.unwatchedBy(known, sessionId));
    }

    /** Removes the watchers on this epoch of a gateway, or on an earlier one. */
    void forgetGateway(String userId, int slot, long epoch) {
        PresenceRecord known = stores.presence(userId);
        changeWatchers(userId, known, PresenceDecider.withoutGateway(known, slot, epoch));
    }

    private void changeWatchers(String userId, PresenceRecord known, PresenceRecord next) {
        UserRecord user = stores.user(userId);
        keep(userId, user, known, user, next);
    }

    private void keep(String userId, UserRecord before, PresenceRecord known, UserRecord after, PresenceRecord next) {
        if (!next.equals(known)) {
            stores.putPresence(userId, next);
        }
        stores.putTies(userId, GatewayTies.of(before, known), GatewayTies.of(after, next));
    }

    private void tell(Record<String, UserCommand> record, PresenceRecord known, Presence before, Presence after) {
        if (after.equals(before)) {
            return;
        }
        output.tell(record, UserEvent.newBuilder().setPresenceChanged(after));
        PresenceDecider.toWatchers(known, after)
                .forEach(delivery -> output.deliver(record, delivery.getGatewaySlot(), delivery.toBuilder()));
    }
}
