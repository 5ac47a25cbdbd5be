/** User ids, and conversation ids, whose first letter is the kind of the conversation. */
import { text } from '../texts/texts.js';

const MAX_CHARACTERS = 64;
const USER_ID = /^[A-Za-z0-9_.-]{1,64}$/;
const KINDS = { p: 'private', g: 'group', r: 'room', s: 'system', b: 'broadcast' };

export function isUserId(text) {
    return USER_ID.test(text);
}

/** A sentence that says why a text is no user id, or null where it is one. */
export function userIdProblem(entry) {
    if (entry === '') {
        return text('userId.empty');
    }
    if (entry.length > MAX_CHARACTERS) {
        return text('userId.tooLong', { max: MAX_CHARACTERS });
    }
    return isUserId(entry) ? null : text('userId.characters');
}

/** The id of the private conversation of two users, in either order. */
export function privateConversationId(one, other) {
    return one <= other ? `p:${one}:${other}` : `p:${other}:${one}`;
}

/**
 * Reads a conversation id.
 *
 * @returns {{kind: string, name: string} | null} the kind, and the name that `me` sees (the other user, or the group's id);
 *     null where the text is no conversation id
 */
export function parseConversationId(conversationId, me) {
    const kind = KINDS[conversationId[0]];
    if (kind === undefined || conversationId[1] !== ':') {
        return null;
    }
    const rest = conversationId.slice(2).split(':');
    if (!rest.every(isUserId) || rest.length !== (kind === 'private' ? 2 : 1)) {
        return null;
    }
    return { kind, name: rest[0] === me && kind === 'private' ? rest[1] : rest[0] };
}
