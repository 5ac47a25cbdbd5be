/**
 * A group as this page knows it: members, profile, mutes, and this user's membership.
 *
 * Views, descriptions and events may arrive in any order: the greatest seq wins.
 */
import { Latest } from './latest.js';

const RANK = { OWNER: 0, ADMIN: 1, MEMBER: 2 };

export class Group {
    #me;
    #profile = new Latest(/** @type {Partial<import('./types.js').Profile>} */ ({}));
    #allMuted = new Latest(false);
    #dissolved = new Latest(false);
    #memberCount = new Latest(0);
    #joinedSeq = new Latest(0);
    #leftSeq = new Latest(0);
    /** The user who added this one, who has not accepted; empty: no invitation is pending. */
    #invitedBy = new Latest('');
    #declined = new Latest(false);
    /**
     * By user id: OWNER, ADMIN, MEMBER, or null for a former member.
     *
     * @type {Map<string, Latest<string | null>>}
     */
    #roles = new Map();
    /** Pending join requests: user id → note. */
    requests = new Map();
    /** Whether every member is known: the description of a large group comes in pages. */
    complete = false;
    /** The last user id of the pages read. */
    describedUpTo = '';

    constructor(me) {
        this.#me = me;
    }

    /** {name, announcement, joinPolicy, historyFromStart}; empty until it is known. */
    get profile() {
        return this.#profile.value;
    }

    get allMuted() {
        return this.#allMuted.value;
    }

    get dissolved() {
        return this.#dissolved.value;
    }

    get memberCount() {
        return Math.max(this.#memberCount.value, this.members.length);
    }

    /** OWNER, ADMIN, MEMBER; null: not a member (any more); undefined: not known. */
    roleOf(userId) {
        return this.#roles.get(userId)?.value;
    }

    get myRole() {
        return this.roleOf(this.#me);
    }

    get isAdmin() {
        return this.myRole === 'OWNER' || this.myRole === 'ADMIN';
    }

    /** The known members, [{userId, role}]: the owner first, then admins, then by name. */
    get members() {
        return [...this.#roles]
            .map(([userId, role]) => ({ userId, role: role.value ?? '' }))
            .filter(({ role }) => role !== '')
            .sort((a, b) => RANK[a.role] - RANK[b.role] || (a.userId < b.userId ? -1 : 1));
    }

    /** The event with which this user joined. */
    get joinedSeq() {
        return this.#joinedSeq.value;
    }

    /** The first event that this user may see. */
    get firstSeq() {
        return this.profile.historyFromStart === true ? 1 : Math.max(1, this.joinedSeq);
    }

    /** The user whose invitation is pending; empty: none. */
    get invitedBy() {
        return this.#invitedBy.value;
    }

    /** Whether this user has declined, and was never a member: the group is in no list. */
    get declined() {
        return this.#declined.value;
    }

    /** The last event that this user may see. */
    get lastSeq() {
        return this.myRole === null && this.#leftSeq.value > 0 ? this.#leftSeq.value : Infinity;
    }

    /**
     * @param {number} lastSeq
     * @param {import('./types.js').GroupView} view
     */
    applyView(lastSeq, view) {
        if (view.profile !== null) {
            this.#profile.offer(lastSeq, view.profile);
        }
        this.#setRole(lastSeq, this.#me, view.role);
        this.#joinedSeq.offer(lastSeq, view.joinedSeq);
        this.#leftSeq.offer(lastSeq, view.leftSeq);
        this.#dissolved.offer(lastSeq, view.dissolved);
        this.#invitedBy.offer(lastSeq, view.invitedBy);
        this.#declined.offer(lastSeq, view.role === null && view.joinedSeq === 0);
    }

    applyDescription(description) {
        const at = description.lastSeq;
        this.#profile.offer(at, description.profile);
        this.#allMuted.offer(at, description.allMuted);
        this.#memberCount.offer(at, description.memberCount);
        description.members.forEach(({ userId, role }) => this.#setRole(at, userId, role));
        this.requests = new Map(description.requests.map(({ userId, note }) => [userId, note]));
        this.complete = this.complete || !description.moreMembers;
        const last = description.members.at(-1)?.userId ?? '';
        this.describedUpTo = last > this.describedUpTo ? last : this.describedUpTo;
    }

    /**
     * @param {number} seq
     * @param {import('./types.js').Notice} notice
     */
    apply(seq, notice) {
        const { name, userIds, by } = notice;
        switch (name) {
            case 'groupCreated':
                userIds.forEach((userId) => this.#add(seq, userId, userId === by ? 'OWNER' : 'MEMBER'));
                this.#profile.offer(seq, notice.profile);
                this.complete = true;
                break;
            case 'groupUpdated':
                this.#profile.offer(seq, notice.profile);
                break;
            case 'membersAdded':
                userIds.forEach((userId) => this.#add(seq, userId, 'MEMBER'));
                this.#profile.offer(seq, notice.profile);
                this.#memberCount.offer(seq, notice.memberCount);
                break;
            case 'memberLeft':
            case 'membersRemoved':
                userIds.forEach((userId) => this.#remove(seq, userId));
                this.#memberCount.offer(seq, notice.memberCount);
                break;
            case 'roleChanged':
                this.#setRole(seq, userIds[0], notice.role);
                break;
            case 'ownershipTransferred':
                this.#setRole(seq, by, 'ADMIN');
                this.#setRole(seq, userIds[0], 'OWNER');
                break;
            case 'allMuted':
                this.#allMuted.offer(seq, notice.muted);
                break;
            case 'groupDissolved':
                this.#dissolved.offer(seq, true);
                break;
            case 'joinRequested':
                this.requests.set(userIds[0], notice.note);
                break;
            case 'joinDeclined':
                this.requests.delete(userIds[0]);
                break;
        }
    }

    #add(seq, userId, role) {
        this.#setRole(seq, userId, role);
        this.requests.delete(userId);
        if (userId === this.#me) {
            this.#joinedSeq.offer(seq, seq);
            this.#leftSeq.offer(seq, 0);
            this.#declined.offer(seq, false);
        }
    }

    /** A user who leaves with an invitation pending has declined it; a later view tells whether they were a member before. */
    #remove(seq, userId) {
        this.#setRole(seq, userId, null);
        if (userId === this.#me) {
            this.#declined.offer(seq, this.declined || this.invitedBy !== '');
            this.#invitedBy.offer(seq, '');
            this.#leftSeq.offer(seq, seq);
        }
    }

    #setRole(seq, userId, role) {
        if (userId !== '') {
            const known = this.#roles.get(userId) ?? new Latest(/** @type {string | null} */ (null));
            this.#roles.set(userId, known);
            known.offer(seq, role);
        }
    }
}
