package dev.tidings.ops.bench;

import dev.tidings.ops.bench.check.NotificationSource;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a load in addition to those of its messages.
 *
 * @param devices of each user, all connected; 1 or 2. Second devices only receive
 * @param unread whether the unread count at each device is compared with the messages of others since the user last read or sent,
 *     when everything has been delivered
 * @param nonMember whether a user who is no member tries to read the conversations and to send to them
 * @param notifications of members who are not connected; null: they are not checked
 */
public record LoadChecks(
        int devices,
        boolean unread,
        boolean nonMember,
        @Nullable NotificationSource notifications) {

    /** Messages only. */
    public static final LoadChecks NONE = new LoadChecks(1, false, false, null);
}
