/**
 * A group as this page knows it: who belongs, what it is called, who may talk.
 *
 * Taken together from views, descriptions and events, which may come in any order: the greatest seq wins.
 */
import { Latest } from './latest.js';

const RANK = { OWNER: 0, ADMIN: 1, MEMBER: 2 };

export class Group {
    #me;
    #profile = new Latest({});
    #allMuted = new Latest(false);
    #dissolved = new Latest(false);
    #memberCount = new Latest(0);
    #joinedSeq = new Latest(0);
    #leftSeq = new Latest(0);
    /** Who has added this user, who has not accepted yet; '': nobody. */
    #invitedBy = '';
    /** User id → Latest of OWNER, ADMIN, MEMBER, or null where he belongs no longer. */
    #roles = new Map();
    /** User id → note: who wants to join. */
    requests = new Map();
    /** Whether everybody is known: a large group is described page by page. */
    complete = false;
    /** The last user id of the pages read. */
    describedUpTo = '';

    constructor(me) {
        this.#me = me;
    }

    /** {name, announcement, joinPolicy, historyFromStart, …}; empty as long as it is not known. */
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

    /** OWNER, ADMIN, MEMBER; null: not (any more) a member; undefined: not known. */
    roleOf(userId) {
        return this.#roles.get(userId)?.value;
    }

    get myRole() {
        return this.roleOf(this.#me);
    }

    get isAdmin() {
        return this.myRole === 'OWNER' || this.myRole === 'ADMIN';
    }

    /** Those known: [{userId, role}], the owner first, then admins, then by name. */
    get members() {
        return [...this.#roles]
            .map(([userId, role]) => ({ userId, role: role.value }))
            .filter(({ role }) => role !== null)
            .sort((a, b) => RANK[a.role] - RANK[b.role] || (a.userId < b.userId ? -1 : 1));
    }

    /** The event with which this user came; what he may see begins with it, unless newcomers see everything. */
    get joinedSeq() {
        return this.#joinedSeq.value;
    }

    get firstSeq() {
        return this.profile.historyFromStart === true ? 1 : Math.max(1, this.joinedSeq);
    }

    get invitedBy() {
        return this.#invitedBy;
    }

    /** The last event that he may see. */
    get lastSeq() {
        return this.myRole === null && this.#leftSeq.value > 0 ? this.#leftSeq.value : Infinity;
    }

    applyView(lastSeq, view) {
        if (view.profile !== null) {
            this.#profile.offer(lastSeq, view.profile);
        }
        this.#be(lastSeq, this.#me, view.role);
        this.#joinedSeq.offer(lastSeq, view.joinedSeq);
        this.#leftSeq.offer(lastSeq, view.leftSeq);
        this.#dissolved.offer(lastSeq, view.dissolved);
        this.#invitedBy = view.invitedBy;
    }

    applyDescription(description) {
        const at = description.lastSeq;
        this.#profile.offer(at, description.profile);
        this.#allMuted.offer(at, description.allMuted);
        this.#memberCount.offer(at, description.memberCount);
        description.members.forEach(({ userId, role }) => this.#be(at, userId, role));
        this.requests = new Map(description.requests.map(({ userId, note }) => [userId, note]));
        this.complete = this.complete || !description.moreMembers;
        const last = description.members.at(-1)?.userId ?? '';
        this.describedUpTo = last > this.describedUpTo ? last : this.describedUpTo;
    }

    /** A notice: see protocol/events.js. */
    apply(seq, notice) {
        const { name, userIds, by } = notice;
        switch (name) {
            case 'groupCreated':
                userIds.forEach((userId) => this.#come(seq, userId, userId === by ? 'OWNER' : 'MEMBER'));
                this.#profile.offer(seq, notice.profile);
                this.complete = true;
                break;
            case 'groupUpdated':
                this.#profile.offer(seq, notice.profile);
                break;
            case 'membersAdded':
                userIds.forEach((userId) => this.#come(seq, userId, 'MEMBER'));
                this.#profile.offer(seq, notice.profile);
                this.#memberCount.offer(seq, notice.memberCount);
                break;
            case 'memberLeft':
            case 'membersRemoved':
                userIds.forEach((userId) => this.#go(seq, userId));
                this.#memberCount.offer(seq, notice.memberCount);
                break;
            case 'roleChanged':
                this.#be(seq, userIds[0], notice.role);
                break;
            case 'ownershipTransferred':
                this.#be(seq, by, 'ADMIN');
                this.#be(seq, userIds[0], 'OWNER');
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

    #come(seq, userId, role) {
        this.#be(seq, userId, role);
        this.requests.delete(userId);
        if (userId === this.#me) {
            this.#joinedSeq.offer(seq, seq);
            this.#leftSeq.offer(seq, 0);
        }
    }

    #go(seq, userId) {
        this.#be(seq, userId, null);
        if (userId === this.#me) {
            this.#invitedBy = '';
            this.#leftSeq.offer(seq, seq);
        }
    }

    #be(seq, userId, role) {
        if (userId !== '') {
            if (!this.#roles.has(userId)) {
                this.#roles.set(userId, new Latest(null));
            }
            this.#roles.get(userId).offer(seq, role);
        }
    }
}
