/** What happened to a group or a friendship, as a line of text. */
import { fullTime } from './times.js';

const POLICIES = { OPEN: 'anyone may join', BY_APPROVAL: 'admins decide who joins', BY_INVITATION: 'members are invited' };

/** `me`: the user who reads it. */
export function noticeWords(notice, me) {
    return capital(words(notice, me));
}

function words(notice, me) {
    const { name, userIds, profile } = notice;
    const by = called(notice.by, me);
    const them = list(userIds.map((userId) => called(userId, me)));
    switch (name) {
        case 'groupCreated':
            return `${by} created the group “${profile.name}”`;
        case 'groupUpdated':
            return `${by} changed ${updated(notice)}`;
        case 'membersAdded':
            return { JOINED: `${them} joined`, APPROVED: `${by} let ${them} in` }[notice.cause] ?? `${by} added ${them}`;
        case 'memberLeft':
            return `${by} left`;
        case 'membersRemoved':
            return `${by} removed ${them}`;
        case 'roleChanged':
            return notice.role === 'ADMIN' ? `${by} made ${them} an admin` : `${by} made ${them} a member again`;
        case 'ownershipTransferred':
            return `${by} handed the group over to ${them}`;
        case 'memberMuted':
            return notice.until > 0 ? `${by} muted ${them} until ${fullTime(notice.until)}` : `${by} let ${them} talk again`;
        case 'allMuted':
            return notice.muted ? `${by} muted everyone` : `${by} let everyone talk again`;
        case 'groupDissolved':
            return `${by} dissolved the group`;
        case 'pinChanged':
            return notice.unpinned ? `${by} unpinned a message` : `${by} pinned a message`;
        case 'friendRequested':
            return `${by} asked to be friends${notice.note === '' ? '' : `: ${notice.note}`}`;
        case 'friendAccepted':
            return `${by} accepted: now you are friends`;
        case 'friendRemoved':
            return `${by} ended the friendship`;
        default:
            return '';
    }
}

/** In the place of a recalled message. */
export function recalledWords({ recalledBy, sender }, me) {
    const by = recalledBy || sender;
    return by === sender && by !== me ? 'This message was recalled' : capital(`${called(by, me)} recalled this message`);
}

function called(userId, me) {
    return userId === me ? 'you' : userId || 'the operator';
}

/** A sentence may begin with "you"; names are left as they are. */
function capital(sentence) {
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
            return `who may join: ${POLICIES[profile.joinPolicy]}`;
        default:
            return 'the group';
    }
}
