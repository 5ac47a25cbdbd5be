package dev.tidings.processors.inbox;

import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.NotificationSettings;

/** What a user's own wishes do to his views and to how he is notified, as pure functions. */
final class SettingsDecider {

    private SettingsDecider() {}

    /**
     * The view with what is present in the command; an equal one where it was so already. Neither its version nor its time is
     * touched: the time is that of the newest event, by which older ones are told.
     */
    static ViewRecord change(ViewRecord view, ChangeSettings settings) {
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

    /** The same of the own view of a broadcast, which no message touches: it keeps the last one that is hidden. */
    static ViewRecord change(ViewRecord own, BroadcastRecord broadcast, ChangeSettings settings) {
        ViewRecord changed = change(own, settings);
        return settings.getHidden() ? Broadcasts.hidden(changed, broadcast) : changed;
    }

    static DevicesRecord change(DevicesRecord devices, NotificationSettings notifications) {
        return devices.getNotifications().equals(notifications)
                ? devices
                : devices.toBuilder().setNotifications(notifications).build();
    }
}
