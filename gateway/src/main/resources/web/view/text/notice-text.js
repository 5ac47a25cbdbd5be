/** Describes changes of groups, friendships and messages as a line of text. Pure. */
import { listText, text, textIfAny } from '../../texts/texts.js';
import { fullTime } from './times.js';

const MAX_NAMES = 5;

/**
 * The sentence of a notice; empty where there is none to show.
 *
 * @param {any} notice
 * @param {string} me the user who reads it
 * @param {import('../../state/people.js').People} people the names of the others
 */
export function noticeText(notice, me, people) {
    const [key, values] = sentence(notice);
    const joined = key === 'joined' && notice.userIds.length === 1 ? notice.userIds[0] : notice.by;
    const them = names(notice.userIds, me, people);
    const all = { ...values, by: actor(notice.by, people), them, count: notice.userIds.length };
    return textIfAny(joined === me ? `notice.${key}.you` : `notice.${key}`, all) ?? '';
}

/** The key of the sentence and its values, apart from the names of users. */
function sentence({ name, cause, profile, changed, role, until, muted, unpinned, note }) {
    switch (name) {
        case 'groupCreated':
            return ['groupCreated', { name: profile.name }];
        case 'groupUpdated':
            return updated(profile, changed);
        case 'membersAdded':
            return [{ JOINED: 'joined', APPROVED: 'approved' }[cause] ?? 'added', {}];
        case 'memberLeft':
            return ['left', {}];
        case 'membersRemoved':
            return ['removed', {}];
        case 'roleChanged':
            return [role === 'ADMIN' ? 'madeAdmin' : 'madeMember', {}];
        case 'ownershipTransferred':
            return ['transferred', {}];
        case 'memberMuted':
            return until > 0 ? ['muted', { until: fullTime(until) }] : ['unmuted', {}];
        case 'allMuted':
            return [muted ? 'mutedAll' : 'unmutedAll', {}];
        case 'groupDissolved':
            return ['dissolved', {}];
        case 'pinChanged':
            return [unpinned ? 'unpinned' : 'pinned', {}];
        case 'friendRequested':
            return [note === '' ? 'friendRequested' : 'friendRequestedNote', { note }];
        default:
            return [name, {}];
    }
}

function updated(profile, changed) {
    switch (changed[0]) {
        case 'name':
            return ['nameChanged', { name: profile.name }];
        case 'announcement':
            return [profile.announcement === '' ? 'announcementRemoved' : 'announcementChanged', { announcement: profile.announcement }];
        case 'join_policy':
            return [`join${profile.joinPolicy}`, {}];
        default:
            return ['groupUpdated', {}];
    }
}

/** Replaces the text of a recalled message. */
export function recalledText({ recalledBy, sender }, me, /** @type {import('../../state/people.js').People} */ people) {
    const by = recalledBy || sender;
    if (by === me) {
        return text('message.recalledByYou');
    }
    return by === sender ? text('message.recalled') : text('message.recalledBy', { by: actor(by, people) });
}

/** The name of the sender of a message; System where it is the operator. */
export function senderName(userId, /** @type {import('../../state/people.js').People} */ people) {
    return people.nameOf(userId) || text('person.system');
}

function actor(userId, people) {
    return people.nameOf(userId) || text('person.operator');
}

/** At most five names, with the number of the others. */
function names(userIds, me, people) {
    const all = userIds.map((userId) => (userId === me ? text('person.you') : people.nameOf(userId)));
    const others = all.length - MAX_NAMES + 1;
    return listText(others > 1 ? [...all.slice(0, MAX_NAMES - 1), text('person.others', { count: others })] : all);
}
