/** Why something was not done, as a sentence for people. */

const SENTENCES = {
    CONTENT_TOO_LARGE: 'This message is too long.',
    CONTENT_EMPTY: 'There is nothing in this message.',
    NOT_A_MEMBER: 'You do not belong to this conversation.',
    CONVERSATION_NOT_FOUND: 'This conversation does not exist.',
    CONVERSATION_WITH_ONESELF: 'You cannot write to yourself.',
    GROUP_DISSOLVED: 'This group was dissolved.',
    GROUP_FULL: 'The group is full.',
    NOT_ALLOWED: 'You are not allowed to do this.',
    INVITATION_NEEDED: 'This group is joined by invitation only.',
    REQUEST_NOT_FOUND: 'This request was answered already.',
    OWNER_CANNOT_LEAVE: 'You own this group: hand it over first, or dissolve it.',
    MUTED: 'You are muted here for now.',
    BLOCKED: 'You cannot write to each other: one of you has blocked the other.',
    STRANGER: 'Only friends can write to each other here.',
    MESSAGE_NOT_FOUND: 'This message is not there any more.',
    MESSAGE_TOO_OLD: 'It is too late for that.',
    MESSAGE_RECALLED: 'This message was recalled.',
    TOO_MANY: 'That is too many.',
    EXPIRED: 'It was too late to send this message.',
    CONTENT_REFUSED: 'This message is against the rules here.',
    FLOODING: 'You are writing too fast. Please wait a moment.',
    REPEATING: 'You have said this several times already.',
    BANNED: 'You are banned.',
    SYSTEM_ONLY: 'Only the operator can do this.',
    INVALID_USER_ID: 'That is not a name.',
    DEVICE_NOT_FOUND: 'This device is not there any more.',
    COMMAND_TOO_LARGE: 'This is too large to send.',
};

/** `kind` and `value` of an answer that says no: refused, error, or lost. */
export function reasonWhyNot(kind, value) {
    if (kind === 'refused') {
        return SENTENCES[value.reason] ?? value.message ?? 'This was refused.';
    }
    if (kind === 'lost') {
        return 'There is no connection right now. Please try again.';
    }
    return value.retryable === true ? 'This does not work right now. Please try again.' : value.message || 'This did not work.';
}

/** Why something was not done, or null where the answer does not say no. */
export function problemOf(kind, value) {
    return kind === 'refused' || kind === 'error' || kind === 'lost' ? reasonWhyNot(kind, value) : null;
}
