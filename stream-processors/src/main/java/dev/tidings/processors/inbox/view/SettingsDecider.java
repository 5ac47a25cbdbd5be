package dev.tidings.processors.inbox.view;

import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.NotificationSettings;

/** Decides how a user's settings change their views and notifications. Pure functions. */
public final class SettingsDecider {

    private SettingsDecider() {}

    /**
     * Returns the view with the fields that are present in the command; an equal view if nothing changes. Keeps its
     * version, and its time: that is the time of the newest event, which identifies older ones.
     */
    public static ViewRecord change(ViewRecord view, ChangeSettings settings) {
        ViewRecord.Builder next = view.toBuilder();
        if (settings.hasPinned()) {
            next.setPinned(settings.getPinned());
        }
        if (settings.hasMuted()) {
            next.setMuted(settings.getMuted());
        }
        if (settings.hasHidden()) {
            next.setHidden(settings.getHidden());
        }
        if (settings.hasDraft()) {
            next.setDraft(settings.getDraft());
        }
        if (settings.hasCustom()) {
            next.setCustom(settings.getCustom());
        }
        if (settings.getAcceptInvitation()) {
            Invitations.accept(next);
        }
        return next.build();
    }

    /**
     * Changes the user's own view of a broadcast. Messages do not change that view, so it stores up to which message
     * the broadcast is hidden.
     */
    public static ViewRecord change(ViewRecord own, BroadcastRecord broadcast, ChangeSettings settings) {
        ViewRecord changed = change(own, settings);
        return settings.getHidden() ? Broadcasts.hidden(changed, broadcast) : changed;
    }

    public static DevicesRecord change(DevicesRecord devices, NotificationSettings notifications) {
        return devices.getNotifications().equals(notifications)
                ? devices
                : devices.toBuilder().setNotifications(notifications).build();
    }
}
