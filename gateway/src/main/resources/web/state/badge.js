/** How much waits to be read, over all conversations: as the server counts it, without those that are muted or hidden. */
export function badge(conversations) {
    let total = 0;
    for (const { settings, reading } of conversations) {
        total += settings.muted || settings.hidden ? 0 : reading.unread;
    }
    return total;
}
