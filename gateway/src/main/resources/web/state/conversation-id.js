/** Names: user ids, and conversation ids which say of what kind the conversation is. */

const USER_ID = /^[A-Za-z0-9_.-]{1,64}$/;
const KINDS = { p: 'private', g: 'group', r: 'room', s: 'system', b: 'broadcast' };

export function isUserId(text) {
    return USER_ID.test(text);
}

/** Why a text is no user id, kindly; null where it is one. */
export function userIdProblem(text) {
    if (text === '') {
        return 'Please type a name.';
    }
    if (text.length > 64) {
        return 'Names have at most 64 characters.';
    }
    return isUserId(text) ? null : 'Names are made of the letters A to Z, digits, and _ . - only, without spaces.';
}

/** The private conversation of two users, whichever is named first. */
export function between(one, other) {
    return one <= other ? `p:${one}:${other}` : `p:${other}:${one}`;
}

/** What an id says: `kind`, and `name` to show to `me` (the other user, or the group's id). Null where it is no id. */
export function describe(conversationId, me) {
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
