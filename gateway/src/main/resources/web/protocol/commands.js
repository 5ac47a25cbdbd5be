/**
 * What the user wants of messages, groups and friends. Unlike messages, these are not kept: where the connection is lost,
 * or the answer is no, the user is told and may ask again.
 *
 * The session that asks gets the answer instead of the event, so what has happened is folded in here.
 */
import { event } from './events.js';
import { groupDescription, messageReceipts } from './frames.js';
import { problemOf } from './refusals.js';

const MEMBERS_PER_PAGE = 500;

export class Commands {
    #store;
    #requests;

    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
    }

    edit(conversation, seq, text, mentions) {
        const edit = { seq: String(seq), content: { text: { body: text } }, mentions };
        this.#ofMessage(conversation, seq, { edit }, ({ maskedContent }) => ({ messageEdited: { ...edit, content: maskedContent ?? edit.content } }));
    }

    recall(conversation, seq) {
        const recall = { seq: String(seq) };
        const { sender, countable } = conversation.messageAt(seq);
        this.#ofMessage(conversation, seq, { recall }, () => ({ messageRecalled: { ...recall, sender, countable, by: this.#store.me } }));
    }

    react(conversation, seq, reaction, remove) {
        const react = { seq: String(seq), reaction, remove };
        const reactionChanged = { seq, reaction, removed: remove, userId: this.#store.me };
        this.#ofMessage(conversation, seq, { react }, () => ({ reactionChanged }));
    }

    deleteForMe(conversation, seq) {
        const ranges = [{ fromSeq: seq, toSeq: seq }];
        this.#ofMessage(conversation, seq, { deleteForMe: { seqs: [String(seq)] } }, () => ({ messagesDeleted: { ranges } }));
    }

    /** Who has received and read a message: {receipts, problem}, one of them null; receipts as in frames.js. */
    async receipts(conversation, seq) {
        const receipts = { members: 0, deliveredTo: [], readBy: [] };
        for (let more = true; more;) {
            const question = { conversationId: conversation.id, seqs: [String(seq)], withUsers: true, afterUserId: receipts.deliveredTo.at(-1) ?? '' };
            const [kind, value] = await this.#requests.ask('receipts', question);
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

    /** `wish`: one of GroupCommand's bodies. Gives back why it was not done, or null. */
    async group(conversationId, wish, body = {}) {
        const [kind, value] = await this.#requests.ask('group', { conversationId, [wish]: body });
        if (kind === 'sequenced') {
            this.#groupChanged(conversationId, wish, body, value);
        }
        return problemOf(kind, value);
    }

    /** Asks how a group stands: all of a small one, the first members of a large one. */
    async describe(conversation, afterUserId = '') {
        const describe = { afterUserId, limit: MEMBERS_PER_PAGE };
        const [kind, value] = await this.#requests.ask('group', { conversationId: conversation.id, describe });
        if (kind === 'group') {
            conversation.group.applyDescription(groupDescription(value));
            this.#store.changed();
        }
        return problemOf(kind, value);
    }

    /** `wish`: one of FriendCommand's bodies. Gives back why it was not done, or null. */
    async friend(conversation, wish) {
        const [kind, value] = await this.#requests.ask('friend', { conversationId: conversation.id, [wish]: {} });
        const by = this.#store.me;
        if (kind === 'sequenced') {
            const answers = conversation.relation.received !== null;
            const request = answers ? 'friendAccepted' : 'friendRequested';
            const name = { request, accept: 'friendAccepted', remove: 'friendRemoved' }[wish];
            this.#store.applyEvents(conversation.id, [event({ ...value, [name]: { by } })]);
        } else if (kind === 'applied') {
            conversation.relation.applyOwn(wish);
            this.#store.changed();
        }
        return problemOf(kind, value);
    }

    /** `wish`: {kind: body} of the frame; `happened(answer)`: the event that comes of it. What is refused stands at the message. */
    async #ofMessage(conversation, seq, wish, happened) {
        const [kind, body] = Object.entries(wish)[0];
        conversation.problems.clear();
        const [answer, value] = await this.#requests.ask(kind, { conversationId: conversation.id, ...body });
        const problem = problemOf(answer, value);
        if (problem !== null) {
            conversation.problems.set(seq, problem);
        } else if (value.unchanged !== true) {
            this.#store.applyEvents(conversation.id, [event({ ...value, ...happened(value) })]);
        }
        this.#store.changed();
    }

    /** What came of a wish only the decision knows; history tells. Of one's own coming and going it may tell nothing. */
    #groupChanged(conversationId, wish, body, value) {
        const { me } = this.#store;
        if (wish === 'create') {
            const members = [...new Set([me, ...body.members])];
            this.#store.applyEvents(conversationId, [event({ ...value, groupCreated: { ...body, owner: me, members } })]);
        } else if (wish === 'leave') {
            this.#store.applyEvents(conversationId, [event({ ...value, memberLeft: { userId: me } })]);
        } else if (wish === 'join') {
            const { profile } = this.#store.conversation(conversationId).group;
            this.#store.applyEvents(conversationId, [event({ ...value, membersAdded: { by: me, userIds: [me], how: 'JOINED', profile } })]);
        } else {
            const conversation = this.#store.conversation(conversationId);
            conversation.expect(Number(value.seq));
            this.describe(conversation);
        }
    }
}
