/** What the line under a chat's name says: who is writing, who is there, how many belong to it. Pure. */
import { lastSeen } from './times.js';

/** Who is writing, or null. Of a private conversation it is clear who. */
export function typingWords({ kind, typing }) {
    const { userIds } = typing;
    if (userIds.length === 0) {
        return null;
    }
    if (kind === 'private') {
        return 'typing…';
    }
    switch (userIds.length) {
        case 1:
            return `${userIds[0]} is typing…`;
        case 2:
            return `${userIds.join(' and ')} are typing…`;
        default:
            // On a phone there is no room for more names.
            return `${userIds.length} people are typing…`;
    }
}

/** `now`: ms. */
export function chatWords(store, conversation, now) {
    return typingWords(conversation) ?? kindWords(store, conversation, now);
}

function kindWords(store, conversation, now) {
    switch (conversation.kind) {
        case 'private':
            return peerWords(store.presences.of(conversation.other), conversation.relation.friends, now);
        case 'group':
            return conversation.group.memberCount > 0 ? `${conversation.group.memberCount} members` : 'Group';
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

function peerWords(presence, friends, now) {
    const there = presence === null ? '' : presence.online ? 'online' : lastSeen(presence.lastSeenAt, now);
    return [there || (friends ? 'Friend' : ''), presence?.status].filter(Boolean).join(' · ');
}
