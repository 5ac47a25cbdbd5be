/** The menu of a message: react, reply, forward, receipts, copy, edit, pin, recall, delete. */
import { text } from '../../texts/texts.js';
import { confirmed } from '../components/confirm-dialog.js';
import { Menu } from '../components/menu.js';
import { readOnlyReason } from './read-only-footer.js';

/** @typedef {import('../../protocol/commands.js').Commands} Commands */
/** @typedef {import('./composer.js').Composer} Composer */
/** @typedef {import('./forward-dialog.js').ForwardDialog} ForwardDialog */
/** @typedef {import('./receipts-dialog.js').ReceiptsDialog} ReceiptsDialog */
/** @typedef {import('../../state/store.js').Store} Store */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

export class MessageMenu {
    /** @type {Store} */
    #store;
    /** @type {Commands} */
    #commands;
    /** @type {Composer} */
    #composer;
    /** @type {{forward: ForwardDialog, receipts: ReceiptsDialog}} */
    #dialogs;
    #menu = new Menu('message-menu');

    /**
     * @param {Store} store
     * @param {Commands} commands
     * @param {Composer} composer
     * @param {{forward: ForwardDialog, receipts: ReceiptsDialog}} dialogs
     */
    constructor(store, commands, composer, dialogs) {
        this.#store = store;
        this.#commands = commands;
        this.#composer = composer;
        this.#dialogs = dialogs;
    }

    /** Opens the menu for a row of the timeline that has a seq. */
    show(anchor, row) {
        const conversation = this.#store.open;
        if (conversation === null) {
            return;
        }
        const hasContent = row.recalled === null;
        const writable = readOnlyReason(conversation) === null;
        const mayRecall = row.mine ? writable : conversation.group?.isAdmin === true;
        const hasReceipts = conversation.group !== null && !conversation.large && (row.mine || conversation.group.isAdmin);
        const pinned = conversation.pins.has(row.seq);
        const item = (label, testId, act, danger = false) => ({ label, testId, act, danger });
        this.#menu.show(anchor, [
            ...(hasContent && writable ? [item(text('message.reply'), 'reply', () => this.#composer.reply(row))] : []),
            ...(hasContent ? [item(text('message.forward'), 'forward', () => this.#dialogs.forward.show(conversation, row))] : []),
            ...(hasContent && hasReceipts ? [item(text('receipts.title'), 'receipts', () => this.#dialogs.receipts.show(conversation, row))] : []),
            ...(hasContent ? [item(text('message.copy'), 'copy', () => navigator.clipboard?.writeText(row.text))] : []),
            ...(hasContent && row.mine && row.url === null && writable ? [item(text('message.edit'), 'edit', () => this.#composer.edit(row))] : []),
            ...(hasContent && mayPin(conversation) ? [item(text(pinned ? 'message.unpin' : 'message.pin'), 'pin', () => this.#commands.pin(conversation, row.seq, pinned))] : []),
            ...(hasContent && mayRecall ? [item(text('message.recall'), 'recall', () => this.#recall(conversation, row), true)] : []),
            item(text('message.deleteForMe'), 'delete-for-me', () => this.#commands.deleteForMe(conversation, row.seq), true),
        ], hasContent && writable ? this.#symbols(conversation, row) : []);
    }

    async #recall(/** @type {Conversation} */ conversation, { seq, text: quote }) {
        const question = { title: text('recall.title'), explanation: text('recall.explanation'), confirm: text('recall.confirm'), quote };
        if (await confirmed(question)) {
            this.#commands.recall(conversation, seq);
        }
    }

    #symbols(/** @type {Conversation} */ conversation, row) {
        return REACTIONS.map((reaction) => {
            const pressed = row.reactions.some((chip) => chip.reaction === reaction && chip.mine);
            const act = () => this.#commands.react(conversation, row.seq, reaction, pressed);
            return { label: reaction, pressed, testId: `react-${reaction}`, act };
        });
    }
}

/** Whether the user may pin messages: both in a private conversation, the owner and admins in a group. */
export function mayPin(/** @type {Conversation} */ conversation) {
    return conversation.kind === 'private' ? readOnlyReason(conversation) === null : conversation.group?.isAdmin === true;
}
