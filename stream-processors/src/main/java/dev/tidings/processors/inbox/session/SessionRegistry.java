package dev.tidings.processors.inbox.session;

import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionClosed;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Keeps the sessions of users. All openings and endings of sessions pass here, so that presence and user events stay
 * consistent.
 */
public final class SessionRegistry {

    private final InboxStores stores;
    private final UserOutput output;
    private final PresencePublisher presence;

    public SessionRegistry(InboxStores stores, UserOutput output, PresencePublisher presence) {
        this.stores = stores;
        this.output = output;
        this.presence = presence;
    }

    /**
     * Replaces the sessions of the record's user. Announces the ended sessions first, in the order of their opening.
     */
    public void change(Record<String, UserCommand> record, UserRecord before, UserRecord after) {
        stores.putUser(record.key(), after);
        List<Session> closed = endedBetween(before, after);
        List<Session> opened = after.getSessionsList().stream()
                .filter(session -> !before.getSessionsList().contains(session))
                .toList();
        seeDevices(record, closed, opened, after);
        closed.forEach(session -> sayClosed(record, session));
        opened.forEach(session -> output.tell(record, UserEvent.newBuilder().setSessionOpened(session)));
        presence.sessionsChanged(record, before, after);
    }

    /**
     * Ends a session of the record's user. Does nothing if the session has ended already.
     *
     * @return the user without the session
     */
    public UserRecord close(Record<String, UserCommand> record, String sessionId) {
        UserRecord user = stores.user(record.key());
        List<Session> ending = user.getSessionsList().stream()
                .filter(session -> session.getSessionId().equals(sessionId))
                .toList();
        if (ending.isEmpty()) {
            return user;
        }
        UserRecord after = SessionsDecider.without(user, ending);
        change(record, user, after);
        return after;
    }

    private void seeDevices(
            Record<String, UserCommand> record, List<Session> closed, List<Session> opened, UserRecord user) {
        DevicesRecord before = stores.devices(record.key());
        DevicesRecord after = before;
        for (Session session : closed) {
            after = DevicesDecider.closed(after, session, UserOutput.timeOf(record));
        }
        for (Session session : opened) {
            after = DevicesDecider.opened(after, session, user.getSessionsList(), UserOutput.timeOf(record));
        }
        if (!after.equals(before)) {
            stores.putDevices(record.key(), after);
        }
    }

    private void sayClosed(Record<String, UserCommand> record, Session closed) {
        output.tell(
                record,
                UserEvent.newBuilder()
                        .setSessionClosed(SessionClosed.newBuilder().setSession(closed)));
    }

    private static List<Session> endedBetween(UserRecord before, UserRecord after) {
        List<String> staying =
                after.getSessionsList().stream().map(Session::getSessionId).toList();
        return before.getSessionsList().stream()
                .filter(session -> !staying.contains(session.getSessionId()))
                .toList();
    }
}
