/** The user's own settings of a conversation as menu items: pin, mute, hide. */
import { text } from '../../texts/texts.js';

/** Items for a Menu. `changeSettings(change)`: as Account.changeSettings. */
export function conversationItems({ settings }, changeSettings) {
    const { pinned, muted } = settings;
    return [
        { label: text(pinned ? 'conversation.unpin' : 'conversation.pin'), testId: 'pin-conversation', act: () => changeSettings({ pinned: !pinned }) },
        { label: text(muted ? 'conversation.unmute' : 'conversation.mute'), testId: 'mute-conversation', act: () => changeSettings({ muted: !muted }) },
        { label: text('conversation.hide'), testId: 'hide-conversation', act: () => changeSettings({ hidden: true }) },
    ];
}
