/**
 * One conversation as this page knows it: pure state, without clock and network.
 *
 * Every change is a join (the greatest wins, or keyed by seq), so events and views may arrive twice and in any order.
 *
 *   seq:      1 ......... window.from ......... base.lastSeq ......... lastSeq
 *             not requested   |  loaded from history  |   arrived live   |
 *
 * The window may also end before the newest event: see HistoryWindow.
 */
import { text } from '../texts/texts.js';
import { parseConversationId } from './conversation-id.js';
import { Group } from './group.js';
import { HistoryWindow } from './history-window.js';
import { KnownEvents } from './known-events.js';
import { MessageChanges } from './message-changes.js';
import { People } from './people.js';
import { Pins } from './pins.js';
import { Ranges } from './ranges.js';
import { mentionsUser, ReadState } from './read-state.js';
import { Relation } from './relation.js';
import { Settings } from './settings.js';
import { Typing } from './typing.js';

const PAGE = 50;
/** Opening loads at most so many events to show the first unread message. */
const MAX_UNREAD_SHOWN = 200;
/** The newest events that the page loads of a large group that is not open. */
const LARGE_GROUP_PREVIEW = 10;
/** The known events of a conversation. Beyond them the page drops the oldest ones and keeps the newest `KEPT`. */
const MAX_KNOWN = 2_000;
const KEPT = 1_000;

export class Conversation {
    /** The parsed id. */
    #id;
    /** The newest message or preview. */
    #newest = /** @type {any} */ (null);
    /** The cached value of `entries`. */
    #entries = /** @type {any[] | null} */ (null);
    /** When the next known message expires, in milliseconds. */
    #nextExpiry = Infinity;
    /** Seqs of expired messages. */
    #expired = new Set();

    /**
     * @param {string} id
     * @param {string} me
     * @param {People} people the names of users
     */
    constructor(id, me, people = new People()) {
        this.id = id;
        this.me = me;
        this.people = people;
        this.#id = parseConversationId(id, me);
        this.kind = this.#id?.kind ?? 'unknown';
        this.known = new KnownEvents();
        this.changes = new MessageChanges();
        /** Messages that the user has deleted for themselves, and expired ones. */
        this.deleted = new Ranges();
        this.readState = new ReadState(me, this.known, this.changes, this.deleted);
        this.settings = new Settings();
        this.typing = new Typing();
        this.pins = new Pins();
        this.group = this.kind === 'group' ? new Group(me) : null;
        this.relation = this.kind === 'private' ? new Relation(me) : null;
        /** Whether its events come over the gateway: then there are no receipts, and not every member is known. */
        this.large = false;
        /** The newest seq of the conversation, known or not. */
        this.lastSeq = 0;
        this.updatedAt = 0;
        /** The part that the chat shows, and reads from history. */
        this.window = new HistoryWindow();
        /** Why history is not available, or null. */
        this.historyProblem = /** @type {string | null} */ (null);
        /** Why the last command about a message was refused: seq → sentence. */
        this.problems = new Map();
    }

    /** The displayed name: the other user, or the group's name. */
    get name() {
        if (this.kind === 'system') {
            return text('conversation.system');
        }
        if (this.other !== null) {
            return this.people.nameOf(this.other);
        }
        return this.group === null ? this.#id?.name ?? this.id : this.group.profile.name || text('conversation.group');
    }

    /** The other user of a private conversation; null in any other. */
    get other() {
        return this.kind === 'private' ? this.#id?.name ?? null : null;
    }

    /**
     * @param {import('./types.js').View} view
     * @param {number} now in milliseconds
     */
    applyView(view, now) {
        this.#entries = null;
        this.readState.applyView(view, now);
        this.settings.applyView(view);
        this.large = view.large;
        this.lastSeq = Math.max(this.lastSeq, view.lastSeq);
        this.updatedAt = Math.max(this.updatedAt, view.updatedAt);
        view.deleted.forEach((range) => {
            this.deleted.add(range);
            this.readState.deletedUpTo(range);
        });
        if (view.group !== null) {
            this.group?.applyView(view.lastSeq, view.group);
            this.readState.joinedSeq = Math.max(this.readState.joinedSeq, view.group.joinedSeq);
        }
        if (view.relation !== null) {
            this.relation?.applyView(view.updatedAt, view.relation, this.name);
        }
        if (view.lastMessage !== null) {
            this.#updateNewest(view.lastMessage);
        }
    }

    /**
     * Takes the position of a large group or a room; later events arrive live.
     *
     * @param {import('./types.js').Head} head
     */
    applyHead(head) {
        if (head.lastSeq > this.lastSeq) {
            this.lastSeq = head.lastSeq;
            this.readState.applyHead(head);
            this.window.include(head.lastSeq - LARGE_GROUP_PREVIEW + 1);
        }
    }

    /** Applies an event, live or from history. Returns its message if the page did not know it, else null. */
    apply(event) {
        this.#entries = null;
        this.updatedAt = Math.max(this.updatedAt, event.sentAt);
        if (event.carried) {
            this.#applyDelivered(event.carried);
        }
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
                event.ranges.forEach((range) => this.#delete(range));
                break;
            case 'notice':
                this.#applyNotice(event);
                break;
        }
        this.markEmpty(event.seq);
        return null;
    }

    /** Removes the messages that have expired by `now`. Returns whether there were any. */
    expire(now) {
        if (now < this.#nextExpiry) {
            return false;
        }
        this.#nextExpiry = Infinity;
        this.#entries = null;
        for (const message of [...this.known.entries, this.#newest]) {
            if (message?.expiresAt > 0 && message.expiresAt <= now) {
                this.#expireMessage(message);
            } else if (message?.expiresAt > 0) {
                this.#nextExpiry = Math.min(this.#nextExpiry, message.expiresAt);
            }
        }
        return true;
    }

    /** Whether the message at seq has expired. */
    isExpired(seq) {
        return this.#expired.has(seq);
    }

    /** The sync has not counted a message that had expired before it. */
    #expireMessage({ seq, expiresAt }) {
        this.#expired.add(seq);
        const range = { from: seq, to: seq };
        if (this.deleted.add(range) && expiresAt > this.readState.base.at) {
            this.readState.exclude(range);
        }
    }

    #delete(range) {
        if (this.deleted.add(range)) {
            this.readState.exclude(range);
        }
    }

    /** Marks a seq as known with nothing to show: an event that changes others, or one that history does not keep. 0: none. */
    markEmpty(seq) {
        if (seq > 0 && !this.known.has(seq)) {
            this.#put(seq, null);
        }
    }

    /** There is an event at seq that only history has. */
    expect(seq) {
        this.lastSeq = Math.max(this.lastSeq, seq);
    }

    /** Whether the event at seq is known. */
    knows(seq) {
        return this.known.has(seq);
    }

    /** Known messages with their changes, and notices; ascending by seq, without what is deleted or expired. */
    get entries() {
        this.#entries ??= this.known.entries
            .filter((entry) => !this.deleted.has(entry.seq))
            .map((entry) => (entry.kind === 'message' ? this.changes.applyTo(entry) : entry));
        return this.#entries;
    }

    /** The message at seq with its changes, or null where it is unknown. */
    messageAt(seq) {
        const entry = this.known.get(seq) ?? null;
        return entry?.kind === 'message' ? this.changes.applyTo(entry) : null;
    }

    /** The newest message: {seq, sender, sentAt, text, recalledBy}, or null. */
    get preview() {
        const newest = this.#newest;
        if (newest !== null && this.deleted.has(newest.seq)) {
            return this.entries.findLast((entry) => entry.kind === 'message') ?? null;
        }
        return newest === null ? null : this.messageAt(newest.seq) ?? this.changes.applyTo(newest);
    }

    /** The seqs of the pinned messages that can be shown, ascending. */
    get pinnedSeqs() {
        return this.pins.seqs.filter((seq) => !this.deleted.has(seq) && !this.changes.isRecalled(seq));
    }

    /** A pinned message with its changes, or null where it is not loaded. */
    pinnedMessage(seq) {
        const loaded = this.pins.loaded.get(seq) ?? null;
        return this.messageAt(seq) ?? (loaded === null ? null : this.changes.applyTo(loaded));
    }

    /** Takes the description of a group. */
    applyDescription(description) {
        this.group?.applyDescription(description);
        this.pins.applyDescription(description.lastSeq, description.pinnedSeqs);
    }

    /** Requests the newest page, and back to the first unread message if that is not too far. */
    open() {
        if (this.lastSeq === 0) {
            return;
        }
        const { unread, readUpTo } = this.readState;
        const newestPage = this.lastSeq - PAGE + 1;
        const unreadFrom = unread > 0 && unread <= MAX_UNREAD_SHOWN ? readUpTo - 5 : Infinity;
        const tooFar = this.lastSeq - MAX_UNREAD_SHOWN;
        this.window.showNewest(Math.min(newestPage, Math.max(unreadFrom, tooFar)));
    }

    /** Requests one older page. Returns false where there is none. */
    wantOlder() {
        if (this.atBeginning) {
            return false;
        }
        this.window.growOlder();
        return true;
    }

    /** Requests one newer page. Returns false where the window reaches the newest event. */
    wantNewer() {
        if (this.window.isNewest) {
            return false;
        }
        this.window.growNewer(this.lastSeq);
        return true;
    }

    /** The lowest seq that the chat shows. */
    get floor() {
        const from = this.window.from === Infinity ? this.readState.base.lastSeq + 1 : this.window.from;
        return Math.max(this.group?.firstSeq ?? 1, from);
    }

    /** The entries in the window. */
    get shownEntries() {
        const { floor, window } = this;
        return this.entries.filter(({ seq }) => seq >= floor && seq <= window.to);
    }

    /** Whether an invitation to the group is pending: then there is nothing to show. */
    get invited() {
        return (this.group?.invitedBy ?? '') !== '';
    }

    get atBeginning() {
        return this.floor <= (this.group?.firstSeq ?? 1);
    }

    /**
     * The newest range that is wanted and unknown, or null. Wanted is everything after the last sync, to count it, and the window.
     * `live`: it lies between live events, so it may be on its way.
     */
    missing() {
        if (this.invited) {
            return null;
        }
        const newest = Math.min(this.lastSeq, this.group?.lastSeq ?? Infinity);
        const uncounted = Math.max(this.group?.firstSeq ?? 1, this.readState.base.lastSeq + 1);
        const gap = this.known.gap(uncounted, newest) ?? this.known.gap(this.floor, Math.min(newest, this.window.to));
        return gap === null ? null : { ...gap, live: gap.from > this.readState.base.lastSeq || this.known.first < gap.from };
    }

    /**
     * Drops old events of a page that stays open for hours, except for those that the chat shows. History has them.
     *
     * @param {boolean} isOpen whether the chat shows this conversation
     * @param {number} now in milliseconds
     */
    trim(isOpen, now) {
        if (this.known.size <= MAX_KNOWN) {
            return;
        }
        const upTo = Math.min(this.known.newestSeq(KEPT) - 1, isOpen ? this.floor - 1 : Infinity);
        if (!isOpen) {
            this.window = new HistoryWindow();
        }
        this.readState.countUpTo(upTo, now);
        this.known.forget(upTo);
        this.changes.forget(upTo);
        this.#entries = null;
    }

    #applyMessage(message) {
        const { seq, state } = message;
        if (state.editedSeq > 0) {
            this.changes.edit(seq, { seq: state.editedSeq, text: message.text, url: message.url, mentions: message.mentions });
        }
        if (state.recalledSeq > 0) {
            this.changes.recall(seq, { ...message, seq: state.recalledSeq, by: state.recalledBy });
        }
        if (state.expired) {
            this.#expireMessage(message);
        }
        if (this.known.has(seq)) {
            return null;
        }
        if (seq > this.lastSeq) {
            this.#onNewMessage(message);
        }
        this.#put(seq, message);
        this.#updateNewest(message);
        return state.expired ? null : message;
    }

    /** A new message ends its sender's typing, and shows a hidden conversation again. */
    #onNewMessage(message) {
        this.typing.ended(message.sender);
        if (!this.large || mentionsUser(this.me, message)) {
            this.settings.change({ hidden: false });
        }
    }

    #applyNotice({ seq, sentAt, notice }) {
        this.relation?.apply(sentAt, notice);
        this.group?.apply(seq, notice);
        if (notice.name === 'pinChanged') {
            this.pins.change(seq, notice.target, !notice.unpinned);
        }
        if (this.group?.joinedSeq === seq && seq > 0) {
            this.historyProblem = null;
            this.readState.joined(seq);
        }
        if (seq > 0 && !this.known.has(seq)) {
            this.#put(seq, { kind: 'notice', seq, sentAt, notice });
        }
    }

    #put(seq, entry) {
        this.known.put(seq, entry);
        this.lastSeq = Math.max(this.lastSeq, seq);
    }

    /** `message`: a known one, or a preview. */
    #updateNewest(message) {
        this.readState.addMessage(message);
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
            this.readState.readByMe(readSeq, readIndex);
        } else if (this.kind === 'private') {
            this.readState.readByOther(readSeq);
        }
    }

    #applyDelivered({ userId, deliveredSeq }) {
        if (userId !== this.me && this.kind === 'private') {
            this.readState.deliveredToOther(deliveredSeq);
        }
    }
}
