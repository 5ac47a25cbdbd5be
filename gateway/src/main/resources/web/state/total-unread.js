/** Counts the unread messages of all conversations as the server does: muted and hidden ones do not count. */
export function totalUnread(conversations) {
    let total = 0;
    for (const { settings, readState } of conversations) {
        total += settings.muted || settings.hidden ? 0 : readState.unread;
    }
    return total;
}
