package dev.tidings.processors.presence;

import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Presence;
import dev.tidings.v1.RelationView;
import dev.tidings.v1.WatchPresence.Visibility;

/** Which users see another user's presence. See decision 0030. */
public final class PresenceVisibility {

    private PresenceVisibility() {}

    /**
     * Users see themselves. Of the others, who is blocked by the watched user sees nothing, whatever the policy is.
     *
     * @param watched all zero for a user that has no state: there is nothing to see, and nothing to keep
     * @param view the watched user's, of the private conversation with the watcher
     */
    public static boolean isVisible(
            Visibility visibility, String watchedId, UserRecord watched, String watcherId, ViewRecord view) {
        boolean exists = !watched.equals(UserRecord.getDefaultInstance());
        return exists && (watchedId.equals(watcherId) || isVisible(visibility, view));
    }

    private static boolean isVisible(Visibility visibility, ViewRecord view) {
        RelationView relation = view.getRelation();
        return !relation.getBlocked()
                && switch (visibility) {
                    case EVERYONE -> true;
                    case FRIENDS -> relation.getFriends();
                    case PARTNERS, VISIBILITY_UNSPECIFIED, UNRECOGNIZED -> isPartner(view);
                };
    }

    /** A friend, or a user to whom the view's user has written. To write to a user makes nobody a partner, or every stranger could. */
    public static boolean isPartner(ViewRecord view) {
        return view.getRelation().getFriends() || view.getOwnIndex() > 0;
    }

    /** What users see of a user whose presence is hidden from them: the same as of an id that no user has. */
    public static Presence hidden(String userId) {
        return Presence.newBuilder().setUserId(userId).build();
    }
}
