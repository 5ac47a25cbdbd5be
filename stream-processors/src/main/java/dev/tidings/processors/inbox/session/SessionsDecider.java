package dev.tidings.processors.inbox.session;

import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import java.util.ArrayList;
import java.util.List;

/** Decides how opening and closing changes a user's sessions. Pure functions. */
public final class SessionsDecider {

    /** The largest number of sessions; beyond it, the oldest one ends. */
    static final int MAX_SESSIONS = 16;

    private SessionsDecider() {}

    /** Returns true if the session's gateway has restarted since: the connection does not exist any more. */
    public static boolean isOutdated(UserRecord user, Session opened) {
        return user.getSessionsList().stream().anyMatch(session -> isOfEarlierEpoch(opened, session));
    }

    /**
     * Returns the sessions that end because this one opens: earlier ones of the device, those that the login policy
     * excludes, and the oldest beyond the limit.
     */
    public static List<Session> replacedBy(UserRecord user, Session opened, LoginPolicy policy) {
        List<Session> replaced = new ArrayList<>();
        int staying = 1;
        for (Session session : user.getSessionsList().reversed()) {
            if (session.getSessionId().equals(opened.getSessionId())) {
                continue;
            }
            if (isOfSameDevice(session, opened)
                    || isOfEarlierEpoch(session, opened)
                    || !allowsBoth(policy, session, opened)
                    || staying == MAX_SESSIONS) {
                replaced.add(session);
            } else {
                staying++;
            }
        }
        return replaced;
    }

    /** Returns the reason for the end of a session that another one replaces. */
    public static SessionReplaced replaced(Session session, Session opened) {
        SessionReplaced.Builder replaced = SessionReplaced.newBuilder().setSessionId(session.getSessionId());
        return isOfSameDevice(session, opened)
                ? replaced.setReason(SessionReplaced.Reason.SAME_DEVICE).build()
                : replaced.setReason(SessionReplaced.Reason.OTHER_DEVICE)
                        .setByPlatform(opened.getPlatform())
                        .build();
    }

    static List<Session> ofDevice(UserRecord user, String deviceId) {
        return user.getSessionsList().stream()
                .filter(session -> session.getDeviceId().equals(deviceId))
                .toList();
    }

    /** Returns the sessions on this epoch of a gateway, or on an earlier one. */
    static List<Session> onGateway(UserRecord user, int slot, long epoch) {
        return user.getSessionsList().stream()
                .filter(session -> session.getGatewaySlot() == slot && session.getGatewayEpoch() <= epoch)
                .toList();
    }

    /** Returns the user with this session as the newest, without the replaced ones. */
    public static UserRecord open(UserRecord user, Session opened, List<Session> replaced) {
        UserRecord.Builder next = user.toBuilder().setKnown(true).clearSessions();
        user.getSessionsList().stream()
                .filter(session -> !session.getSessionId().equals(opened.getSessionId()))
                .filter(session -> !replaced.contains(session))
                .forEach(next::addSessions);
        return next.addSessions(opened).build();
    }

    public static UserRecord without(UserRecord user, List<Session> ended) {
        UserRecord.Builder next = user.toBuilder().clearSessions();
        user.getSessionsList().stream()
                .filter(session -> !ended.contains(session))
                .forEach(next::addSessions);
        return next.build();
    }

    /**
     * Returns true if the session belongs to an earlier epoch of the new session's gateway; it ended with the restart.
     */
    private static boolean isOfEarlierEpoch(Session session, Session opened) {
        return session.getGatewaySlot() == opened.getGatewaySlot()
                && session.getGatewayEpoch() < opened.getGatewayEpoch();
    }

    private static boolean allowsBoth(LoginPolicy policy, Session one, Session other) {
        return switch (policy) {
            case LOGIN_POLICY_UNSPECIFIED, ALL_DEVICES, UNRECOGNIZED -> true;
            case ONE_PER_PLATFORM -> one.getPlatform() != other.getPlatform();
            case ONE_DEVICE -> false;
        };
    }

    private static boolean isOfSameDevice(Session one, Session other) {
        return one.getDeviceId().equals(other.getDeviceId());
    }
}
