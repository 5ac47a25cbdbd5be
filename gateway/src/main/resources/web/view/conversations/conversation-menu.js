/** The user's own settings of a conversation as menu items: pin, mute, hide. */

/** Items for a Menu. `changeSettings(change)`: as Account.changeSettings. */
export function conversationItems({ settings }, changeSettings) {
    const { pinned, muted } = settings;
    return [
        { label: pinned ? 'Unpin' : 'Pin to the top', testId: 'pin-conversation', act: () => changeSettings({ pinned: !pinned }) },
        { label: muted ? 'Unmute' : 'Mute', testId: 'mute-conversation', act: () => changeSettings({ muted: !muted }) },
        { label: 'Hide until the next message', testId: 'hide-conversation', act: () => changeSettings({ hidden: true }) },
    ];
}
