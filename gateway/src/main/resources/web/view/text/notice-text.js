/** Describes changes of groups, friendships and messages as a line of text. Pure. */
import { fullTime } from './times.js';

const POLICIES = { OPEN: 'anyone may join', BY_APPROVAL: 'admins approve new members', BY_INVITATION: 'members add new members' };

/**
 * The sentence of a notice.
 *
 * @param {any} notice
 * @param {string} me the user who reads it
 * @param {import('../../state/people.js').People} people the names of the others
 */
export function noticeText(notice, me, people) {
    return capitalized(sentence(notice, (userId) => nameOf(userId, me, people)));
}

function sentence(notice, nameOf) {
    const { name, userIds, profile } = notice;
    const by = nameOf(notice.by);
    const them = list(userIds.map(nameOf));
    switch (name) {
        case 'groupCreated':
            return `${by} created the group “${profile.name}”`;
        case 'groupUpdated':
            return `${by} changed ${updated(notice)}`;
        case 'membersAdded':
            return { JOINED: `${them} joined`, APPROVED: `${by} approved ${them}` }[notice.cause] ?? `${by} added ${them}`;
        case 'memberLeft':
            return `${by} left`;
        case 'membersRemoved':
            return `${by} removed ${them}`;
        case 'roleChanged':
            return notice.role === 'ADMIN' ? `${by} made ${them} an admin` : `${by} made ${them} a member again`;
        case 'ownershipTransferred':
            return `${by} transferred the group to ${them}`;
        case 'memberMuted':
            return notice.until > 0 ? `${by} muted ${them} until ${fullTime(notice.until)}` : `${by} unmuted ${them}`;
        case 'allMuted':
            return notice.muted ? `${by} muted everyone` : `${by} unmuted everyone`;
        case 'groupDissolved':
            return `${by} dissolved the group`;
        case 'pinChanged':
            return notice.unpinned ? `${by} unpinned a message` : `${by} pinned a message`;
        case 'friendRequested':
            return `${by} sent a friend request${notice.note === '' ? '' : `: ${notice.note}`}`;
        case 'friendAccepted':
            return `${by} accepted the friend request`;
        case 'friendRemoved':
            return `${by} ended the friendship`;
        default:
            return '';
    }
}

/** Replaces the text of a recalled message. */
export function recalledText({ recalledBy, sender }, me, /** @type {import('../../state/people.js').People} */ people) {
    const by = recalledBy || sender;
    return by === sender && by !== me ? 'This message was recalled' : capitalized(`${nameOf(by, me, people)} recalled this message`);
}

function nameOf(userId, me, people) {
    return userId === me ? 'you' : people.nameOf(userId) || 'the operator';
}

/** Capitalizes "you" and "the operator", but no name. */
function capitalized(sentence) {
    return sentence.replace(/^(you|the operator)\b/, (word) => word[0].toUpperCase() + word.slice(1));
}

function list(names) {
    const few = names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} others`] : names;
    return few.length < 2 ? few.join('') : `${few.slice(0, -1).join(', ')} and ${few.at(-1)}`;
}

function updated({ profile, changed }) {
    switch (changed[0]) {
        case 'name':
            return `the name to “${profile.name}”`;
        case 'announcement':
            return profile.announcement === '' ? 'the announcement' : `the announcement: ${profile.announcement}`;
        case 'join_policy':
            return `how to join: ${POLICIES[profile.joinPolicy]}`;
        default:
            return 'the group';
    }
}
