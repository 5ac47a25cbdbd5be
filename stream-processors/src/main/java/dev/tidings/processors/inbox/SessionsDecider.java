package dev.tidings.processors.inbox;

import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.Session;
import java.util.ArrayList;
import java.util.List;

/** What opening and closing does to a user's sessions, as pure functions. */
final class SessionsDecider {

    /** More devices than this, and the longest connected one has to go. */
    static final int MAX_SESSIONS = 16;

    private SessionsDecider() {}

    /** Whether the session's gateway has come up again since: there is nobody at its other end any more. */
    static boolean isOutdated(UserRecord user, Session opened) {
        return user.getSessionsList().stream().anyMatch(session -> isOfEarlierEpoch(opened, session));
    }

    /** The sessions that must end because this one opens: the device's earlier ones, and the oldest beyond the limit. */
    static List<Session> replacedBy(UserRecord user, Session opened) {
        List<Session> replaced = new ArrayList<>();
        int staying = 1;
        for (Session session : user.getSessionsList().reversed()) {
            if (session.getSessionId().equals(opened.getSessionId())) {
                continue;
            }
            boolean sameDevice = session.getDeviceId().equals(opened.getDeviceId());
            if (sameDevice || isOfEarlierEpoch(session, opened) || staying == MAX_SESSIONS) {
                replaced.add(session);
            } else {
                staying++;
            }
        }
        return replaced;
    }

    /** The user with this session open as the newest, and without those it replaces. */
    static UserRecord open(UserRecord user, Session opened, List<Session> replaced) {
        UserRecord.Builder next = user.toBuilder().setKnown(true).clearSessions();
        user.getSessionsList().stream()
                .filter(session -> !session.getSessionId().equals(opened.getSessionId()))
                .filter(session -> !replaced.contains(session))
                .forEach(next::addSessions);
        return next.addSessions(opened).build();
    }

    static UserRecord close(UserRecord user, Session closed) {
        UserRecord.Builder next = user.toBuilder().clearSessions();
        user.getSessionsList().stream()
                .filter(session -> !session.equals(closed))
                .forEach(next::addSessions);
        return next.build();
    }

    /** The user without the sessions on this epoch of a gateway, or an earlier one; the very same where there are none. */
    static UserRecord withoutGateway(UserRecord user, int slot, long epoch) {
        List<Session> staying = user.getSessionsList().stream()
                .filter(session -> session.getGatewaySlot() != slot || session.getGatewayEpoch() > epoch)
                .toList();
        return staying.size() == user.getSessionsCount()
                ? user
                : user.toBuilder().clearSessions().addAllSessions(staying).build();
    }

    /** A gateway that came up again took all its earlier sessions with it. */
    private static boolean isOfEarlierEpoch(Session session, Session opened) {
        return session.getGatewaySlot() == opened.getGatewaySlot()
                && session.getGatewayEpoch() < opened.getGatewayEpoch();
    }
}
