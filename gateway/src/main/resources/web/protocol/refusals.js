/** Turns a negative answer into a sentence for the user. */

import { int } from './json.js';

const SENTENCES = {
    CONTENT_TOO_LARGE: 'This message is too long.',
    CONTENT_EMPTY: 'This message is empty.',
    NOT_A_MEMBER: 'You are not a member of this conversation.',
    CONVERSATION_NOT_FOUND: 'This conversation does not exist.',
    CONVERSATION_WITH_ONESELF: 'You cannot write to yourself.',
    GROUP_DISSOLVED: 'This group was dissolved.',
    GROUP_FULL: 'The group is full.',
    NOT_ALLOWED: 'You are not allowed to do this.',
    INVITATION_NEEDED: 'Only members can add you to this group.',
    REQUEST_NOT_FOUND: 'This request was answered already.',
    OWNER_CANNOT_LEAVE: 'You own this group: transfer the ownership first, or dissolve the group.',
    MUTED: 'You are muted here for now.',
    BLOCKED: 'You cannot write to each other: one of you has blocked the other.',
    STRANGER: 'Only friends can write to each other here.',
    MESSAGE_NOT_FOUND: 'This message does not exist any more.',
    MESSAGE_TOO_OLD: 'This message is too old for that.',
    MESSAGE_RECALLED: 'This message was recalled.',
    TOO_MANY: 'That is too many.',
    EXPIRED: 'This message expired before it was sent.',
    CONTENT_REFUSED: 'This message is against the rules here.',
    FLOODING: 'You are sending messages too fast. Please wait a moment.',
    REPEATING: 'You have sent this message several times already.',
    BANNED: 'You are banned.',
    SYSTEM_ONLY: 'Only the operator can do this.',
    INVALID_USER_ID: 'This is not a valid name.',
    DEVICE_NOT_FOUND: 'This device does not exist any more.',
    COMMAND_TOO_LARGE: 'This is too large to send.',
    USER_NOT_FOUND: 'This user does not exist.',
};

/** The sentence for a negative answer: `refused`, `error` or `lost`, with its value. */
export function problemText(kind, value) {
    if (kind === 'refused') {
        return SENTENCES[value.reason] ?? value.message ?? 'This was refused.';
    }
    if (kind === 'lost') {
        return 'There is no connection right now. Please try again.';
    }
    if (value.code === 'RATE_LIMITED') {
        const seconds = Math.max(1, Math.ceil(int(value.retryAfterMs) / 1_000));
        return `You are doing this too often. Please try again in ${seconds} s.`;
    }
    return value.retryable === true ? 'This does not work right now. Please try again.' : value.message || 'This did not work.';
}

/** The sentence for an answer, or null where the answer is not negative. */
export function problemOf(kind, value) {
    return kind === 'refused' || kind === 'error' || kind === 'lost' ? problemText(kind, value) : null;
}
