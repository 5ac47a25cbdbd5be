/**
 * One conversation as this page knows it: pure state, no clock and no network.
 *
 * Everything is a join (greatest wins, or keyed by seq), so events and views may come twice and in any order.
 *
 *   seq:      1 ......... wantedFrom ......... base.lastSeq ......... lastSeq
 *             not asked for   |    filled from history    |   came live   |
 */
import { Changes } from './changes.js';
import { describe } from './conversation-id.js';
import { Group } from './group.js';
import { Known } from './known.js';
import { Ranges } from './ranges.js';
import { calls, Reading } from './reading.js';
import { Relation } from './relation.js';
import { Settings } from './settings.js';
import { Typing } from './typing.js';

const PAGE = 50;
/** How far back opening goes to show the first unread message. */
const MAX_UNREAD_SHOWN = 200;
/** What is looked at of a large group that is not open. */
const GLANCE = 10;

export class Conversation {
    #id;
    #newest = null;
    #entries = null;
    /** When the next known message expires. */
    #nextExpiry = Infinity;

    constructor(id, me) {
        this.id = id;
        this.me = me;
        this.#id = describe(id, me);
        this.kind = this.#id?.kind ?? 'unknown';
        /** seq → message or notice. */
        this.known = new Known();
        this.changes = new Changes();
        /** What the user has deleted for themselves, and what has expired. */
        this.deleted = new Ranges();
        this.reading = new Reading(me, this.known, this.changes, this.deleted);
        this.settings = new Settings();
        this.typing = new Typing();
        this.group = this.kind === 'group' ? new Group(me) : null;
        this.relation = this.kind === 'private' ? new Relation(me) : null;
        /** Its events come over the gateway: receipts are not kept, and not everybody is known. */
        this.large = false;
        /** Newest seq there is, known or not. */
        this.lastSeq = 0;
        this.updatedAt = 0;
        /** From here on history is wanted. */
        this.wantedFrom = Infinity;
        /** Why history cannot be had, or null. */
        this.historyProblem = null;
        /** Why the last wish about a message was refused: seq → sentence. */
        this.problems = new Map();
    }

    /** To show: the other user, the group's name. */
    get name() {
        if (this.kind === 'system') {
            return 'System';
        }
        return this.group === null ? this.#id?.name ?? this.id : this.group.profile.name || 'Group';
    }

    /** The other user of a private conversation; null in any other. */
    get other() {
        return this.kind === 'private' ? this.#id.name : null;
    }

    applyView(view) {
        this.#entries = null;
        this.reading.applyView(view);
        this.settings.applyView(view);
        this.large = view.large;
        this.lastSeq = Math.max(this.lastSeq, view.lastSeq);
        this.updatedAt = Math.max(this.updatedAt, view.updatedAt);
        view.deleted.forEach((range) => {
            this.deleted.add(range);
            this.reading.deletedUpTo(range);
        });
        if (view.group !== null) {
            this.group?.applyView(view.lastSeq, view.group);
            this.reading.joinedSeq = Math.max(this.reading.joinedSeq, view.group.joinedSeq);
        }
        if (view.relation !== null) {
            this.relation?.applyView(view.updatedAt, view.relation, this.name);
        }
        if (view.lastMessage !== null) {
            this.#foldNewest(view.lastMessage);
        }
    }

    /** A large group or a room stands here; what comes after it comes live. */
    applyHead(head) {
        if (head.lastSeq > this.lastSeq) {
            this.lastSeq = head.lastSeq;
            this.reading.applyHead(head);
            this.wantFrom(head.lastSeq - GLANCE + 1);
        }
    }

    /** An event, live or from history; gives back the message in it, if that was not known. */
    apply(event) {
        this.#entries = null;
        this.updatedAt = Math.max(this.updatedAt, event.sentAt);
        if (event.kind === 'message') {
            return this.#applyMessage(event.message);
        }
        switch (event.kind) {
            case 'read':
                this.#applyRead(event);
                break;
            case 'delivered':
                this.#applyDelivered(event);
                break;
            case 'edited':
                this.changes.edit(event.target, event);
                break;
            case 'recalled':
                this.changes.recall(event.target, event);
                break;
            case 'reaction':
                this.changes.react(event.target, event);
                break;
            case 'deleted':
                event.ranges.forEach((range) => this.#forget(range));
                break;
            case 'notice':
                this.#applyNotice(event);
                break;
        }
        this.applyNothingAt(event.seq);
        return null;
    }

    /** Messages past their time are gone, as if they were deleted. True where something is. */
    expire(now) {
        if (now < this.#nextExpiry) {
            return false;
        }
        this.#nextExpiry = Infinity;
        this.#entries = null;
        for (const message of [...this.known.entries, this.#newest]) {
            if (message?.expiresAt > 0 && message.expiresAt <= now) {
                this.#forget({ from: message.seq, to: message.seq });
            } else if (message?.expiresAt > 0) {
                this.#nextExpiry = Math.min(this.#nextExpiry, message.expiresAt);
            }
        }
        return true;
    }

    #forget(range) {
        if (this.deleted.add(range)) {
            this.reading.forget(range);
        }
    }

    /** A seq with nothing to show: an event that shows in others, or one that history does not keep. 0: none. */
    applyNothingAt(seq) {
        if (seq > 0 && !this.known.has(seq)) {
            this.#put(seq, null);
        }
    }

    /** Something happened at seq that only history tells. */
    expect(seq) {
        this.lastSeq = Math.max(this.lastSeq, seq);
    }

    /** Whether what stands at seq may be shown already. */
    knows(seq) {
        return this.known.has(seq);
    }

    /** Known messages as they stand, and notices; ascending by seq, without what the user has deleted. */
    get entries() {
        this.#entries ??= this.known.entries
            .filter((entry) => !this.deleted.has(entry.seq))
            .map((entry) => (entry.kind === 'message' ? this.changes.applied(entry) : entry));
        return this.#entries;
    }

    /** The message at seq as it stands, or null where it is not known. */
    messageAt(seq) {
        const entry = this.known.get(seq) ?? null;
        return entry?.kind === 'message' ? this.changes.applied(entry) : null;
    }

    /** Newest message: {seq, sender, sentAt, text, recalledBy}, or null. */
    get preview() {
        const newest = this.#newest;
        if (newest !== null && this.deleted.has(newest.seq)) {
            return this.entries.findLast((entry) => entry.kind === 'message') ?? null;
        }
        return newest === null ? null : this.messageAt(newest.seq) ?? this.changes.applied(newest);
    }

    /** Asks for the newest page, and back to the first unread message if that is not too far. */
    open() {
        if (this.lastSeq === 0) {
            return;
        }
        const { unread, upTo } = this.reading;
        const newestPage = this.lastSeq - PAGE + 1;
        const unreadFrom = unread > 0 && unread <= MAX_UNREAD_SHOWN ? upTo - 5 : Infinity;
        const tooFar = this.lastSeq - MAX_UNREAD_SHOWN;
        this.wantFrom(Math.min(newestPage, Math.max(unreadFrom, tooFar)));
    }

    /** Asks for what there is from this seq on. */
    wantFrom(seq) {
        this.wantedFrom = Math.max(1, Math.min(this.wantedFrom, seq));
    }

    /** Asks for one page more. False where there is none. */
    wantOlder() {
        if (this.atBeginning) {
            return false;
        }
        this.wantFrom(this.floor - PAGE);
        return true;
    }

    /** The lowest seq that should be known. */
    get floor() {
        return Math.max(this.group?.firstSeq ?? 1, Math.min(this.wantedFrom, this.reading.base.lastSeq + 1));
    }

    /** The user has been added to the group and has not accepted: there is nothing to see yet. */
    get invited() {
        return (this.group?.invitedBy ?? '') !== '';
    }

    get atBeginning() {
        return this.floor <= (this.group?.firstSeq ?? 1);
    }

    /** The newest range that is wanted and not known, or null. `live`: between known events, so it may be on its way. */
    missing() {
        const gap = this.invited ? null : this.known.gap(this.floor, Math.min(this.lastSeq, this.group?.lastSeq ?? Infinity));
        return gap === null ? null : { ...gap, live: gap.from > this.reading.base.lastSeq || this.known.first < gap.from };
    }

    #applyMessage(message) {
        const { seq, state } = message;
        if (state.editedSeq > 0) {
            this.changes.edit(seq, { seq: state.editedSeq, text: message.text, url: message.url, mentions: message.mentions });
        }
        if (state.recalledSeq > 0) {
            this.changes.recall(seq, { ...message, seq: state.recalledSeq, by: state.recalledBy });
        }
        if (this.known.has(seq)) {
            return null;
        }
        if (seq > this.lastSeq) {
            this.#hear(message);
        }
        this.#put(seq, message);
        this.#foldNewest(message);
        return message;
    }

    /** Something new was said: whoever was writing it has done so, and what was hidden shows again. */
    #hear(message) {
        this.typing.ended(message.sender);
        if (!this.large || calls(this.me, message)) {
            this.settings.change({ hidden: false });
        }
    }

    #applyNotice({ seq, sentAt, notice }) {
        this.relation?.apply(sentAt, notice);
        this.group?.apply(seq, notice);
        if (this.group?.joinedSeq === seq && seq > 0) {
            this.historyProblem = null;
            this.reading.joined(seq);
        }
        if (seq > 0 && !this.known.has(seq)) {
            this.#put(seq, { kind: 'notice', seq, sentAt, notice });
        }
    }

    #put(seq, entry) {
        this.known.put(seq, entry);
        this.lastSeq = Math.max(this.lastSeq, seq);
    }

    /** `message`: one that is known, or the preview of one that may not be. */
    #foldNewest(message) {
        this.reading.said(message);
        if (message.expiresAt > 0 && !this.deleted.has(message.seq)) {
            this.#nextExpiry = Math.min(this.#nextExpiry, message.expiresAt);
        }
        if (message.recalled === true && !this.changes.isRecalled(message.seq)) {
            this.changes.recall(message.seq, { ...message, by: '' });
        }
        if (this.#newest === null || message.seq >= this.#newest.seq) {
            this.#newest = message;
        }
    }

    #applyRead({ userId, readSeq, readIndex }) {
        if (userId === this.me) {
            this.reading.readByMe(readSeq, readIndex);
        } else if (this.kind === 'private') {
            this.reading.readByOther(readSeq);
        }
    }

    #applyDelivered({ userId, deliveredSeq }) {
        if (userId !== this.me && this.kind === 'private') {
            this.reading.deliveredToOther(deliveredSeq);
        }
    }
}
