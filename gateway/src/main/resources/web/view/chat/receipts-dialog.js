/** Lists who has read a message of a group, who has only received it, and who has not. */
import { text } from '../../texts/texts.js';
import { userAvatar } from '../components/avatar.js';
import { closableDialog } from '../components/dialog.js';
import { byId, element, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';

/** @typedef {import('../../protocol/commands.js').Commands} Commands */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

export class ReceiptsDialog {
    /** @type {Commands} */
    #commands;
    #dialog = closableDialog('receipts-dialog', 'receipts-close');
    /** The message of the last query; answers about others come too late. */
    #message = /** @type {any} */ (null);

    /** @param {Commands} commands */
    constructor(commands) {
        this.#commands = commands;
        byId('receipts-close').replaceChildren(icon('close'));
    }

    /** `message`: {seq, sender, text}. */
    async show(/** @type {Conversation} */ conversation, message) {
        this.#message = message;
        setText(byId('receipts-problem'), '');
        setText(byId('receipts-text'), message.text);
        byId('receipts').replaceChildren();
        this.#dialog.showModal();
        const { receipts, problem } = await this.#commands.receipts(conversation, message.seq);
        if (this.#message === message) {
            setText(byId('receipts-problem'), problem ?? (receipts === null ? text('receipts.gone') : ''));
            byId('receipts').replaceChildren(...(receipts === null ? [] : parts(receipts, others(conversation, message), conversation.people)));
        }
    }
}

function others({ group }, { sender }) {
    return group.members.map(({ userId }) => userId).filter((userId) => userId !== sender);
}

/** `others`: the known members without the sender. */
function parts({ members, readBy, deliveredTo }, others, people) {
    const part = (title, testId, userIds, count) => section(title, testId, userIds.map((userId) => person(people, userId)), text('receipts.count', { count, members }));
    const received = deliveredTo.filter((userId) => !readBy.includes(userId));
    const waiting = others.filter((userId) => !deliveredTo.includes(userId));
    const missing = members - deliveredTo.length;
    return [
        part(text('receipts.readBy'), 'read-by', readBy, readBy.length),
        ...(received.length > 0 ? [part(text('receipts.deliveredTo'), 'delivered-to', received, received.length)] : []),
        // Members who joined later did not get it: then the two numbers differ, and no names are shown.
        ...(missing > 0 ? [part(text('receipts.notDelivered'), 'not-delivered', waiting.length === missing ? waiting : [], missing)] : []),
    ];
}

function person(people, userId) {
    return element('li', { class: 'member' }, userAvatar(people, userId), element('span', { class: 'name', dir: 'auto' }, people.nameOf(userId)));
}

function section(title, testId, items, count) {
    return element('section', { class: 'part' },
        element('h3', {}, `${title} `, element('span', { class: 'soft' }, count)),
        ...(items.length > 0 ? [element('ul', { class: 'members', 'data-testid': testId }, ...items)] : []));
}
