/**
 * Commands about messages, groups and friends. The outbox does not keep them: if one is refused, or not answered in time, the
 * page shows the problem and the user may try again.
 *
 * The session that sends a command gets an answer instead of the event, so the answer is applied here as the event.
 */
import { text } from '../texts/texts.js';
import { event } from './events.js';
import { groupDescription, messageReceipts } from './frames.js';
import { int } from './json.js';
import { problemOf } from './refusals.js';

/** @typedef {import('./operations.js').Operations} Operations */
/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../state/conversation.js').Conversation} Conversation */

const MEMBERS_PER_PAGE = 500;
/** The ranges in one `pullMany`. */
const MAX_PULLS = 50;

export class Commands {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** @type {Operations} */
    #operations;

    /**
     * @param {Store} store
     * @param {Requests} requests
     * @param {Operations} operations
     */
    constructor(store, requests, operations) {
        this.#store = store;
        this.#requests = requests;
        this.#operations = operations;
    }

    edit(/** @type {Conversation} */ conversation, seq, text, mentions) {
        const edit = { seq: String(seq), content: { text: { body: text } }, mentions };
        return this.#changeMessage(conversation, seq, 'edit', edit, ({ maskedContent }) => ({ messageEdited: { ...edit, content: maskedContent ?? edit.content } }));
    }

    recall(/** @type {Conversation} */ conversation, seq) {
        const recall = { seq: String(seq) };
        const { sender, countable } = conversation.messageAt(seq);
        return this.#changeMessage(conversation, seq, 'recall', recall, () => ({ messageRecalled: { ...recall, sender, countable, by: this.#store.me } }));
    }

    react(/** @type {Conversation} */ conversation, seq, reaction, remove) {
        const react = { seq: String(seq), reaction, remove };
        const reactionChanged = { seq, reaction, removed: remove, userId: this.#store.me };
        return this.#changeMessage(conversation, seq, 'react', react, () => ({ reactionChanged }));
    }

    /** Pins a message for all users of the conversation, or unpins it. Returns the problem as a sentence, or null. */
    pin(/** @type {Conversation} */ conversation, seq, unpin) {
        const pinChanged = { seq: String(seq), by: this.#store.me, unpinned: unpin };
        return this.#changeMessage(conversation, seq, 'pin', { seq: String(seq), unpin }, () => ({ pinChanged }));
    }

    /** Reads the pinned messages that the page does not know. They do not become part of the loaded history. */
    loadPinned(/** @type {Conversation} */ conversation) {
        const { id, pins } = conversation;
        const seqs = conversation.pinnedSeqs.filter((seq) => !conversation.knows(seq) && !pins.loaded.has(seq)).slice(-MAX_PULLS);
        if (seqs.length === 0) {
            return;
        }
        seqs.forEach((seq) => pins.loaded.set(seq, null));
        const pulls = seqs.map((seq) => ({ conversationId: id, fromSeq: String(seq), toSeq: String(seq) }));
        let answers = 0;
        this.#requests.send('pullMany', { pulls }, (kind, value) => {
            const seq = seqs[answers++];
            const [found] = kind === 'events' ? (value.events ?? []).map(event) : [];
            if (found?.kind === 'message') {
                pins.loaded.set(seq, { ...found.message, recalledBy: null });
            } else if (kind === 'lost' || value.retryable === true) {
                // The next time the conversation is shown, the page asks again.
                seqs.slice(answers - 1).forEach((lost) => pins.loaded.delete(lost));
            }
            this.#store.changed();
            return kind === 'lost' || answers === seqs.length;
        });
    }

    deleteForMe(/** @type {Conversation} */ conversation, seq) {
        const ranges = [{ fromSeq: seq, toSeq: seq }];
        return this.#changeMessage(conversation, seq, 'deleteForMe', { seqs: [String(seq)] }, () => ({ messagesDeleted: { ranges } }));
    }

    /** Asks who has received and read a message: {receipts, problem}, one of them null; receipts as in frames.js. */
    async receipts(/** @type {Conversation} */ conversation, seq) {
        const receipts = { members: 0, deliveredTo: /** @type {string[]} */ ([]), readBy: /** @type {string[]} */ ([]) };
        for (let more = true; more;) {
            const query = { conversationId: conversation.id, seqs: [String(seq)], withUsers: true, afterUserId: receipts.deliveredTo.at(-1) ?? '' };
            const [kind, value] = await this.#requests.request('receipts', query);
            const about = value.messages?.[0];
            if (about === undefined) {
                return { receipts: null, problem: problemOf(kind, value) };
            }
            const page = messageReceipts(about);
            receipts.members = page.members;
            receipts.deliveredTo.push(...page.deliveredTo);
            receipts.readBy.push(...page.readBy);
            more = value.moreUsers === true && page.deliveredTo.length > 0;
        }
        return { receipts, problem: null };
    }

    /** `command`: the name of a body of GroupCommand. Returns the problem as a sentence, or null. */
    async group(conversationId, command, body = {}) {
        const [kind, value] = await this.#operations.run('group', { conversationId, [command]: body });
        if (kind === 'sequenced') {
            this.#groupChanged(conversationId, command, body, value);
        }
        return problemOf(kind, value);
    }

    /** Loads the members and the profile of a group: all of a small one, one page of a large one. */
    async describe(/** @type {Conversation} */ conversation, afterUserId = '') {
        const describe = { afterUserId, limit: MEMBERS_PER_PAGE };
        const [kind, value] = await this.#requests.request('group', { conversationId: conversation.id, describe });
        if (kind === 'group') {
            conversation.applyDescription(groupDescription(value));
            this.#store.changed();
        }
        return problemOf(kind, value);
    }

    /**
     * Asks whether there is a group with this id, whether or not the user is a member.
     *
     * @returns {Promise<string | null>} why it cannot be opened, as a sentence, or null
     */
    async findGroup(conversationId) {
        const [kind, value] = await this.#requests.request('group', { conversationId, describe: { limit: 1 } });
        if (kind === 'refused' && value.reason === 'CONVERSATION_NOT_FOUND') {
            return text('chat.unknownGroup', { id: conversationId });
        }
        return kind === 'refused' ? null : problemOf(kind, value);
    }

    /** `command`: the name of a body of FriendCommand. Returns the problem as a sentence, or null. */
    async friend(/** @type {Conversation} */ conversation, command) {
        const [kind, value] = await this.#operations.run('friend', { conversationId: conversation.id, [command]: {} });
        const by = this.#store.me;
        if (kind === 'sequenced') {
            // A request that meets one from the other side makes the two friends.
            const accepts = (conversation.relation?.received ?? null) !== null;
            const request = accepts ? 'friendAccepted' : 'friendRequested';
            const name = { request, accept: 'friendAccepted', remove: 'friendRemoved' }[command] ?? '';
            this.#store.applyEvents(conversation.id, [event({ ...value, [name]: { by } })]);
        } else if (kind === 'applied') {
            conversation.relation?.applyOwn(command);
            this.#store.changed();
        }
        return problemOf(kind, value);
    }

    /** Changes a message; `toEvent(answer)` makes the event. A problem is shown at the message, and returned. */
    async #changeMessage(/** @type {Conversation} */ conversation, seq, kind, body, toEvent) {
        conversation.problems.clear();
        const [answer, value] = await this.#operations.run(kind, { conversationId: conversation.id, ...body });
        const problem = problemOf(answer, value);
        if (problem !== null) {
            conversation.problems.set(seq, problem);
        } else if (value.masked === true && value.maskedContent === undefined) {
            // A repetition whose text the rules have masked: only history has the masked text.
            conversation.expect(int(value.seq));
        } else if (value.unchanged !== true) {
            this.#store.applyEvents(conversation.id, [event({ ...value, ...toEvent(value) })]);
        }
        this.#store.changed();
        return problem;
    }

    /** Applies own joining and leaving, of which history may hold nothing. For other commands, history has the event. */
    #groupChanged(conversationId, command, body, value) {
        const { me } = this.#store;
        if (command === 'create') {
            const members = [...new Set([me, ...body.members])];
            this.#store.applyEvents(conversationId, [event({ ...value, groupCreated: { ...body, owner: me, members } })]);
        } else if (command === 'leave') {
            this.#store.applyEvents(conversationId, [event({ ...value, memberLeft: { userId: me } })]);
        } else if (command === 'join') {
            const profile = this.#store.conversation(conversationId).group?.profile;
            this.#store.applyEvents(conversationId, [event({ ...value, membersAdded: { by: me, userIds: [me], cause: 'JOINED', profile } })]);
        } else {
            const conversation = this.#store.conversation(conversationId);
            conversation.expect(int(value.seq));
            this.describe(conversation);
        }
    }
}
