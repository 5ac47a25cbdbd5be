package dev.tidings.processors.presence;

import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.Presence;
import dev.tidings.v1.RelationView;
import dev.tidings.v1.WatchPresence.Visibility;

/** Decides which users see another user's presence. See decision 0030. */
public final class PresenceVisibility {

    private PresenceVisibility() {}

    /**
     * Returns true if the watcher sees the user's presence. Users always see their own; a user whom the watched user
     * has blocked never sees it.
     *
     * @param exists the watched user has a state; other users have no presence
     * @param view the watched user's view of the private conversation with the watcher
     */
    public static boolean isVisible(
            Visibility visibility, String watchedId, boolean exists, String watcherId, ViewRecord view) {
        return exists
                && (visibility == Visibility.SYSTEM || watchedId.equals(watcherId) || isVisible(visibility, view));
    }

    private static boolean isVisible(Visibility visibility, ViewRecord view) {
        RelationView relation = view.getRelation();
        return !relation.getBlocked()
                && switch (visibility) {
                    case EVERYONE, SYSTEM -> true;
                    case FRIENDS -> relation.getFriends();
                    case PARTNERS, VISIBILITY_UNSPECIFIED, UNRECOGNIZED -> isPartner(view);
                };
    }

    /**
     * Returns true for a friend, and for a user to whom the view's user has written. A message in the other direction
     * does not suffice: any stranger could write one.
     */
    public static boolean isPartner(ViewRecord view) {
        return view.getRelation().getFriends() || view.getOwnIndex() > 0;
    }

    /**
     * Returns the presence shown to users who must not see the real one. It equals the presence of an id that does not
     * exist.
     */
    public static Presence hidden(String userId) {
        return Presence.newBuilder().setUserId(userId).build();
    }
}
