/** Finds the users that a text mentions, as in "@olga, look": members of the group, and for admins @all. */

const MENTION = /(?<![\w.-])@([A-Za-z0-9_.-]{1,64})/g;
const MAX_USERS = 50;

/**
 * @param {string} text
 * @param {import('./group.js').Group | null} group
 * @returns {import('./types.js').Mentions | null} null where the text mentions no one, or where there is no group
 */
export function mentionsIn(text, group) {
    if (group === null) {
        return null;
    }
    const names = [...text.matchAll(MENTION)].map(([, name]) => userIdIn(name, group));
    const all = group.isAdmin && names.includes('all');
    const userIds = [...new Set(names)].filter((name) => mayBeMember(name, group)).slice(0, MAX_USERS);
    return all || userIds.length > 0 ? { all, userIds } : null;
}

/** "@olga." mentions olga, unless the name of a member ends with a dot. */
function userIdIn(text, group) {
    const trimmed = text.replace(/[.-]+$/, '');
    return group.roleOf(text) ? text : trimmed;
}

/** The page does not know every member of a large group; the server drops mentions of non-members. */
function mayBeMember(name, group) {
    return Boolean(group.roleOf(name)) || (!group.complete && name !== '' && name !== 'all');
}
