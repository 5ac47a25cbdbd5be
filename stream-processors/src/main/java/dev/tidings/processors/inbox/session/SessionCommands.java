package dev.tidings.processors.inbox.session;

import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.sync.SyncAnswers;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.CloseSession;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.kafka.streams.processor.api.Record;

/** Opens and closes sessions. */
public final class SessionCommands {

    /** The largest number of followed groups in one delivery; far below the size limit of a record. */
    public static final int MAX_FOLLOWED_AT_ONCE = 1_000;

    private final InboxStores stores;
    private final UserOutput output;
    private final SessionRegistry book;
    private final SyncAnswers syncAnswers;

    public SessionCommands(InboxStores stores, UserOutput output, SessionRegistry book, SyncAnswers syncAnswers) {
        this.stores = stores;
        this.output = output;
        this.book = book;
        this.syncAnswers = syncAnswers;
    }

    public void open(Record<String, UserCommand> record, OpenSession command) {
        Session requested = command.getSession();
        output.requireSlot(requested.getGatewaySlot());
        if (requested.getSessionId().isEmpty() || requested.getDeviceId().isEmpty()) {
            throw new IllegalArgumentException("session.sessionId or session.deviceId is empty");
        }
        Session session =
                requested.toBuilder().setOpenedAt(UserOutput.timeOf(record)).build();
        UserRecord user = stores.user(record.key());
        if (SessionsDecider.isOutdated(user, session)) {
            // sent by a gateway that was paused meanwhile; it must not end a newer session
            return;
        }
        List<Session> replaced = SessionsDecider.replacedBy(user, session, command.getLoginPolicy());
        SortedMap<String, Long> followed = stores.followedBy(record.key());
        if (!user.getKnown()) {
            stores.joinBroadcasts(record.key());
        }
        replaced.forEach(gone -> sayReplaced(record, gone, session));
        book.change(record, user, SessionsDecider.open(user, session, replaced));
        // before the session is ready: a ready session must not miss any message
        follow(record, session, followed);
        boolean resumed = stores.clock().hasIssued(command.getResumeSince());
        SessionReady.Builder ready =
                SessionReady.newBuilder().setSessionId(session.getSessionId()).setResumed(resumed);
        output.deliver(record, session.getGatewaySlot(), Delivery.newBuilder().setSessionReady(ready));
        if (resumed) {
            Origin origin = Origin.newBuilder()
                    .setGatewaySlot(session.getGatewaySlot())
                    .setSessionId(session.getSessionId())
                    .setFrameId(command.getFrameId())
                    .build();
            syncAnswers.give(record, origin, SyncMode.INCREMENTAL, command.getResumeSince());
        }
    }

    private void follow(Record<String, UserCommand> record, Session session, SortedMap<String, Long> followed) {
        Follow.Builder follow = Follow.newBuilder();
        for (Map.Entry<String, Long> group : followed.entrySet()) {
            follow.addConversationIds(group.getKey()).addJoinedSeqs(group.getValue());
            if (follow.getConversationIdsCount() == MAX_FOLLOWED_AT_ONCE) {
                deliver(record, session, follow);
                follow.clear();
            }
        }
        if (follow.getConversationIdsCount() > 0) {
            deliver(record, session, follow);
        }
    }

    private void deliver(Record<String, UserCommand> record, Session session, Follow.Builder follow) {
        output.deliver(
                record,
                session.getGatewaySlot(),
                Delivery.newBuilder().setFollow(follow.setSessionId(session.getSessionId())));
    }

    public void close(Record<String, UserCommand> record, CloseSession command) {
        book.close(record, command.getSessionId());
    }

    private void sayReplaced(Record<String, UserCommand> record, Session gone, Session opened) {
        output.deliver(
                record,
                gone.getGatewaySlot(),
                Delivery.newBuilder().setSessionReplaced(SessionsDecider.replaced(gone, opened)));
    }
}
