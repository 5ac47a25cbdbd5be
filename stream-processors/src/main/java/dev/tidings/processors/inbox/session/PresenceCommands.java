package dev.tidings.processors.inbox.session;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.inbox.notification.Notifier;
import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.presence.PresenceDecider;
import dev.tidings.processors.presence.PresenceVisibility;
import dev.tidings.processors.store.GatewayIndex;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.Watcher;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Handles requests for a user's presence, lost gateways, and messages that a session or a lost gateway left
 * undelivered.
 */
public final class PresenceCommands {

    /**
     * The largest number of users whose sessions on a lost gateway end by one record. The next record continues: a
     * record that takes longer than the transaction timeout would be retried for ever and block its partition.
     */
    public static final int MAX_USERS_AT_ONCE = 100;

    /**
     * Deliveries to a gateway within this time before its last heartbeat may be lost: a client that is out of reach is
     * dropped after 30 s of silence, and until then only its gateway knows which messages it has not acknowledged.
     */
    private static final Duration HANDED_ON_WITHIN = Durations.fromSeconds(40);

    private final InboxStores stores;
    private final UserOutput output;
    private final SessionRegistry book;
    private final PresencePublisher board;
    private final Notifier notifier;

    public PresenceCommands(
            InboxStores stores, UserOutput output, SessionRegistry book, PresencePublisher board, Notifier notifier) {
        this.stores = stores;
        this.output = output;
        this.book = book;
        this.board = board;
        this.notifier = notifier;
    }

    /** Handles a request for the presence of the record's user. */
    public void watch(Record<String, UserCommand> record, WatchPresence command) {
        Origin origin = command.getOrigin();
        output.requireSlot(origin.getGatewaySlot());
        if (origin.getSessionId().isEmpty() && !origin.hasBusiness()) {
            throw new IllegalArgumentException("origin.sessionId is empty");
        }
        boolean isSystem = command.getVisibility() == WatchPresence.Visibility.SYSTEM;
        if (isSystem && command.getMode() != WatchPresence.Mode.ONCE) {
            throw new IllegalArgumentException(
                    "mode is " + command.getMode() + "; only ONCE is allowed with the visibility SYSTEM");
        }
        if (command.getWatcherUserId().isEmpty() && !isSystem) {
            throw new IllegalArgumentException("watcherUserId is empty");
        }
        boolean visible = isVisible(record.key(), command);
        switch (command.getMode()) {
            case ONCE -> show(record, origin, visible);
            case START -> {
                if (!visible) {
                    show(record, origin, false);
                    return;
                }
                Watcher watcher = Watcher.newBuilder()
                        .setUserId(command.getWatcherUserId())
                        .setVisibility(command.getVisibility())
                        .setSessionId(origin.getSessionId())
                        .setGatewaySlot(origin.getGatewaySlot())
                        .setGatewayEpoch(command.getGatewayEpoch())
                        .build();
                if (board.watch(record.key(), watcher)) {
                    show(record, origin, true);
                } else {
                    refuseOneMore(record, origin);
                }
            }
            case STOP -> board.unwatch(record.key(), origin.getSessionId());
            case MODE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("mode must be ONCE, START or STOP");
        }
    }

    /** Ends the sessions on a lost gateway. The record's key is empty; outputs about a user have that user's key. */
    public void gatewayGone(Record<String, UserCommand> record, GatewayGone gone) {
        output.requireSlot(gone.getGatewaySlot());
        Timestamp lastBeat = gone.hasLastBeatAt() ? gone.getLastBeatAt() : UserOutput.timeOf(record);
        Timestamp handedOn = Timestamps.subtract(lastBeat, HANDED_ON_WITHIN);
        GatewayIndex.Page users =
                stores.usersTiedTo(gone.getGatewaySlot(), gone.getGatewayEpoch(), gone.getAfterId(), MAX_USERS_AT_ONCE);
        users.ids().forEach(userId -> leave(record.withKey(userId), gone, handedOn));
        if (!users.next().isEmpty()) {
            // keeps the last heartbeat used here: without one, the next record would use its own time
            output.again(record.withValue(UserCommand.newBuilder()
                    .setGatewayGone(gone.toBuilder().setLastBeatAt(lastBeat).setAfterId(users.next()))
                    .build()));
        }
    }

    /**
     * Ends a session and notifies the user of the messages that it has not acknowledged. Does not notify if the user
     * has another session: every session receives all messages. The session ends with this command and not only with
     * its {@code CloseSession}: a message between the two would go to the session and be lost with its gateway.
     */
    public void undelivered(Record<String, UserCommand> record, Undelivered command) {
        if (book.close(record, command.getSessionId()).getSessionsCount() > 0) {
            return;
        }
        TreeMap<String, Long> firstByConversation = new TreeMap<>();
        command.getMessagesList()
                .forEach(
                        message -> firstByConversation.merge(message.getConversationId(), message.getSeq(), Math::min));
        Timestamp at = UserOutput.timeOf(record);
        notifier.missed(record.key(), firstByConversation, at);
    }

    /**
     * Ends the user's sessions on the lost gateway.
     *
     * @param handedOn deliveries after this time may be lost
     */
    private void leave(Record<String, UserCommand> record, GatewayGone gone, Timestamp handedOn) {
        int slot = gone.getGatewaySlot();
        long epoch = gone.getGatewayEpoch();
        board.forgetGateway(record.key(), slot, epoch);
        UserRecord user = stores.user(record.key());
        List<Session> ending = SessionsDecider.onGateway(user, slot, epoch);
        if (ending.isEmpty()) {
            return;
        }
        ending.forEach(session -> sayGone(record, session));
        book.change(record, user, SessionsDecider.without(user, ending));
        if (ending.size() == user.getSessionsCount()) {
            notifier.missedSince(record.key(), handedOn, UserOutput.timeOf(record));
        }
    }

    /**
     * Tells the session that it has ended, in case its gateway is alive after all: the session receives nothing more,
     * so its client must reconnect.
     */
    private void sayGone(Record<String, UserCommand> record, Session session) {
        SessionReplaced.Builder replaced = SessionReplaced.newBuilder()
                .setSessionId(session.getSessionId())
                .setReason(SessionReplaced.Reason.GATEWAY_GONE);
        output.deliver(record, session.getGatewaySlot(), Delivery.newBuilder().setSessionReplaced(replaced));
    }

    private boolean isVisible(String userId, WatchPresence command) {
        if (command.getVisibility() == WatchPresence.Visibility.SYSTEM) {
            return stores.hasState(userId); // there is no watcher, and so no private conversation
        }
        return PresenceVisibility.isVisible(
                command.getVisibility(),
                userId,
                stores.hasState(userId),
                command.getWatcherUserId(),
                stores.privateView(userId, command.getWatcherUserId()));
    }

    private void show(Record<String, UserCommand> record, Origin origin, boolean visible) {
        output.presence(record, origin, visible ? board.seen(record.key()) : PresenceVisibility.hidden(record.key()));
    }

    private void refuseOneMore(Record<String, UserCommand> record, Origin origin) {
        output.refuse(
                record,
                origin,
                Refusals.of(
                        Refusal.Reason.TOO_MANY,
                        record.key() + " is watched by " + PresenceDecider.MAX_WATCHERS + " sessions already"));
    }
}
