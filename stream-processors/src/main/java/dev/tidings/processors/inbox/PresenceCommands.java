package dev.tidings.processors.inbox;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.parts.GatewayIndex;
import dev.tidings.processors.presence.PresenceDecider;
import dev.tidings.processors.presence.PresenceVisibility;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.Watcher;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Origin;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.Record;

/** Answers who asks for a user's presence, and sees to those whom a session or a gateway has left without their messages. */
final class PresenceCommands {

    /**
     * How many users leave a gateway by one record. The rest leave by the next: a record that takes longer than a
     * transaction may would be tried again for ever, and meanwhile nobody would hear anything.
     */
    static final int MAX_USERS_AT_ONCE = 100;

    /**
     * What was written to a gateway so long before its last beat may have reached nobody: a client that is out of reach is
     * given up after 30 s of silence, and until then only its gateway knows what it has not acknowledged.
     */
    private static final Duration HANDED_ON_WITHIN = Durations.fromSeconds(40);

    private final InboxStores stores;
    private final UserOutput output;
    private final SessionBook book;
    private final PresenceBoard board;
    private final Notifier notifier;

    PresenceCommands(InboxStores stores, UserOutput output, SessionBook book, PresenceBoard board, Notifier notifier) {
        this.stores = stores;
        this.output = output;
        this.book = book;
        this.board = board;
        this.notifier = notifier;
    }

    /** The record's user is the one who is watched. */
    void watch(Record<String, UserCommand> record, WatchPresence command) {
        Origin origin = command.getOrigin();
        output.requireSlot(origin.getGatewaySlot());
        if (origin.getSessionId().isEmpty()) {
            throw new IllegalArgumentException("nobody watches");
        }
        if (command.getWatcherUserId().isEmpty()) {
            throw new IllegalArgumentException("presence is watched by a user: watcherUserId is empty");
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
                throw new IllegalArgumentException("presence can be watched once, from now on, or no longer");
        }
    }

    /** The key is empty: each user whose sessions end is told of under a record of his own. */
    void gatewayGone(Record<String, UserCommand> record, GatewayGone gone) {
        output.requireSlot(gone.getGatewaySlot());
        Timestamp lastBeat = gone.hasLastBeatAt() ? gone.getLastBeatAt() : UserOutput.timeOf(record);
        Timestamp handedOn = Timestamps.subtract(lastBeat, HANDED_ON_WITHIN);
        GatewayIndex.Page users =
                stores.usersTiedTo(gone.getGatewaySlot(), gone.getGatewayEpoch(), gone.getAfterId(), MAX_USERS_AT_ONCE);
        users.ids().forEach(userId -> leave(record.withKey(userId), gone, handedOn));
        if (!users.next().isEmpty()) {
            // with the last beat that this record was judged by: the next one has another time
            output.again(record.withValue(UserCommand.newBuilder()
                    .setGatewayGone(gone.toBuilder().setLastBeatAt(lastBeat).setAfterId(users.next()))
                    .build()));
        }
    }

    /**
     * Who has another session has it all: what goes to one goes to every other. The session ends with this command and not only
     * with its CloseSession: a message that came between the two would still go to it, and be lost with its gateway.
     */
    void undelivered(Record<String, UserCommand> record, Undelivered command) {
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

    /** @param handedOn what was written to the gateway later may have reached nobody */
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

    /** In case the gateway is there after all: nothing reaches the session any more, so its client had better know. */
    private void sayGone(Record<String, UserCommand> record, Session session) {
        SessionReplaced.Builder replaced = SessionReplaced.newBuilder()
                .setSessionId(session.getSessionId())
                .setReason(SessionReplaced.Reason.GATEWAY_GONE);
        output.deliver(record, session.getGatewaySlot(), Delivery.newBuilder().setSessionReplaced(replaced));
    }

    private boolean isVisible(String userId, WatchPresence command) {
        return PresenceVisibility.isVisible(
                command.getVisibility(),
                userId,
                stores.user(userId),
                command.getWatcherUserId(),
                stores.privateView(userId, command.getWatcherUserId()));
    }

    private void show(Record<String, UserCommand> record, Origin origin, boolean visible) {
        PresenceDelivery.Builder shown = PresenceDelivery.newBuilder()
                .setPresence(visible ? board.seen(record.key()) : PresenceVisibility.hidden(record.key()))
                .setOrigin(origin);
        output.deliver(record, origin.getGatewaySlot(), Delivery.newBuilder().setPresence(shown));
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
