/** Who has read a message in a group, whom it has reached, and who is still to get it. */
import { avatar } from './avatar.js';
import { closable } from './dialog.js';
import { byId, element, setText } from './dom.js';
import { icon } from './icons.js';

export class ReceiptsDialog {
    #commands;
    #dialog = closable('receipts-dialog', 'receipts-close');
    /** What was asked for last; an answer to anything else is too late. */
    #asked = null;

    constructor(commands) {
        this.#commands = commands;
        byId('receipts-close').replaceChildren(icon('close'));
    }

    /** `message`: {seq, sender, text}. */
    async show(conversation, message) {
        this.#asked = message;
        setText(byId('receipts-problem'), '');
        setText(byId('receipts-text'), message.text);
        byId('receipts').replaceChildren();
        this.#dialog.showModal();
        const { receipts, problem } = await this.#commands.receipts(conversation, message.seq);
        if (this.#asked === message) {
            setText(byId('receipts-problem'), problem ?? (receipts === null ? 'It is too long ago to tell.' : ''));
            byId('receipts').replaceChildren(...(receipts === null ? [] : parts(receipts, others(conversation, message))));
        }
    }
}

function others({ group }, { sender }) {
    return group.members.map(({ userId }) => userId).filter((userId) => userId !== sender);
}

/** `others`: the members that are known, without the sender. */
function parts({ members, readBy, deliveredTo }, others) {
    const reached = deliveredTo.filter((userId) => !readBy.includes(userId));
    const waiting = others.filter((userId) => !deliveredTo.includes(userId));
    const missing = members - deliveredTo.length;
    return [
        part('Read by', 'read-by', readBy, readBy.length, members),
        ...(reached.length > 0 ? [part('Delivered to', 'delivered-to', reached, reached.length, members)] : []),
        // Who has come since is a member now, and was not meant.
        ...(missing > 0 ? [part('Not delivered yet', 'not-delivered', waiting.length === missing ? waiting : [], missing, members)] : []),
    ];
}

function part(title, testId, userIds, count, members) {
    const names = userIds.map((userId) => element('li', { class: 'member' }, avatar(userId), element('span', { class: 'name', dir: 'auto' }, userId)));
    return element('section', { class: 'part' },
        element('h3', {}, `${title} `, element('span', { class: 'soft' }, `${count} of ${members}`)),
        ...(names.length > 0 ? [element('ul', { class: 'members', 'data-testid': testId }, ...names)] : []));
}
