/** The line under a chat's name: typing notices, presence, or the number of members. Pure. */
import { lastSeen } from './times.js';

/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

/** The typing notice, or null. In a private conversation it does not name the other user. */
export function typingText({ kind, typing, people }) {
    const { userIds } = typing;
    const names = userIds.map((userId) => people.nameOf(userId));
    if (userIds.length === 0) {
        return null;
    }
    if (kind === 'private') {
        return 'typing…';
    }
    switch (userIds.length) {
        case 1:
            return `${names[0]} is typing…`;
        case 2:
            return `${names.join(' and ')} are typing…`;
        default:
            // A phone has no room for more names.
            return `${userIds.length} people are typing…`;
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
            return 'Room';
        case 'system':
            return 'System messages';
        case 'broadcast':
            return 'Broadcast';
        default:
            return '';
    }
}

function membersText(count) {
    return count === 0 ? 'Group' : count === 1 ? '1 member' : `${count} members`;
}

function presenceText(presence, friends, now) {
    const seen = presence === null ? '' : presence.online ? 'online' : lastSeen(presence.lastSeenAt, now);
    return [seen || (friends ? 'Friend' : ''), presence?.status].filter(Boolean).join(' · ');
}
