/** The line under a chat's name: typing notices, presence, or the number of members. Pure. */
import { text } from '../../texts/texts.js';
import { lastSeen } from './times.js';

/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

/** The typing notice, or null. In a private conversation it does not name the other user. */
export function typingText({ kind, typing, people }) {
    const { userIds } = typing;
    if (userIds.length === 0) {
        return null;
    }
    if (kind === 'private') {
        return text('subtitle.typing');
    }
    const [one, two] = userIds.map((userId) => people.nameOf(userId));
    switch (userIds.length) {
        case 1:
            return text('subtitle.typingOne', { name: one });
        case 2:
            return text('subtitle.typingTwo', { one, two });
        default:
            // A phone has no room for more names.
            return text('subtitle.typingMany', { count: userIds.length });
    }
}

/** The whole line. `now` in milliseconds. */
export function chatSubtitle(store, /** @type {Conversation} */ conversation, now) {
    return typingText(conversation) ?? descriptionOf(store, conversation, now);
}

function descriptionOf(store, /** @type {Conversation} */ conversation, now) {
    switch (conversation.kind) {
        case 'private':
            return presenceText(store.presences.of(conversation.other), conversation.relation?.friends === true, now);
        case 'group':
            return membersText(conversation.group?.memberCount ?? 0);
        case 'room':
            return text('subtitle.room');
        case 'system':
            return text('subtitle.system');
        case 'broadcast':
            return text('subtitle.broadcast');
        default:
            return '';
    }
}

function membersText(count) {
    return count === 0 ? text('conversation.group') : text('group.memberCount', { count });
}

function presenceText(presence, friends, now) {
    const seen = presence === null ? '' : presence.online ? text('subtitle.online') : lastSeen(presence.lastSeenAt, now);
    return [seen || (friends ? text('subtitle.friend') : ''), presence?.status].filter(Boolean).join(' · ');
}
