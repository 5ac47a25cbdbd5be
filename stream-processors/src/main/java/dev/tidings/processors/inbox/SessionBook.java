package dev.tidings.processors.inbox;

import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionClosed;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.api.Record;

/** Which sessions a user has. Whatever opens or ends one goes through here, and whoever must know of it is told. */
final class SessionBook {

    private final InboxStores stores;
    private final UserOutput output;
    private final PresenceBoard presence;

    SessionBook(InboxStores stores, UserOutput output, PresenceBoard presence) {
        this.stores = stores;
        this.output = output;
        this.presence = presence;
    }

    /** Takes the record's user from one set of sessions to another. Says so first of what ended, in the order of opening. */
    void change(Record<String, UserCommand> record, UserRecord before, UserRecord after) {
        stores.putUser(record.key(), after);
        Set<String> staying =
                after.getSessionsList().stream().map(Session::getSessionId).collect(Collectors.toSet());
        before.getSessionsList().stream()
                .filter(session -> !staying.contains(session.getSessionId()))
                .forEach(closed -> sayClosed(record, closed));
        after.getSessionsList().stream()
                .filter(session -> !before.getSessionsList().contains(session))
                .forEach(opened -> output.tell(record, UserEvent.newBuilder().setSessionOpened(opened)));
        presence.sessionsChanged(record, before, after);
    }

    private void sayClosed(Record<String, UserCommand> record, Session closed) {
        output.tell(
                record,
                UserEvent.newBuilder()
                        .setSessionClosed(SessionClosed.newBuilder().setSession(closed)));
    }
}
