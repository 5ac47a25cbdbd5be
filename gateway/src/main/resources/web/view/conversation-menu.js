/** What can be done with a conversation, for oneself alone: pin, mute, hide. */

/** Items for a Menu. `see(change)`: as Account.see. */
export function conversationItems({ settings }, see) {
    const { pinned, muted } = settings;
    return [
        { label: pinned ? 'Unpin' : 'Pin to the top', testId: 'pin-conversation', act: () => see({ pinned: !pinned }) },
        { label: muted ? 'Unmute' : 'Mute', testId: 'mute-conversation', act: () => see({ muted: !muted }) },
        { label: 'Hide until the next message', testId: 'hide-conversation', act: () => see({ hidden: true }) },
    ];
}
