/** Who is called in a text, as in "@olga, look": members of the group, and for admins @all. */

const CALL = /(?<![\w.-])@([A-Za-z0-9_.-]{1,64})/g;
const MOST = 50;

/** {all, userIds}; null where nobody is, or where there is no group. */
export function mentionsIn(text, group) {
    if (group === null) {
        return null;
    }
    const names = [...text.matchAll(CALL)].map(([, name]) => nameIn(name, group));
    const all = group.isAdmin && names.includes('all');
    const userIds = [...new Set(names)].filter((name) => belongs(name, group)).slice(0, MOST);
    return all || userIds.length > 0 ? { all, userIds } : null;
}

/** "@olga." calls olga, unless there is somebody whose name ends with a dot. */
function nameIn(text, group) {
    const trimmed = text.replace(/[.-]+$/, '');
    return group.roleOf(text) ? text : trimmed;
}

/** Of a large group not everybody is known here; the server leaves out who does not belong. */
function belongs(name, group) {
    return Boolean(group.roleOf(name)) || (!group.complete && name !== '' && name !== 'all');
}
