/** The menu of a message: react, reply, forward, receipts, copy, edit, recall, delete. */
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
        const item = (label, testId, act, danger = false) => ({ label, testId, act, danger });
        this.#menu.show(anchor, [
            ...(hasContent && writable ? [item('Reply', 'reply', () => this.#composer.reply(row))] : []),
            ...(hasContent ? [item('Forward', 'forward', () => this.#dialogs.forward.show(conversation, row))] : []),
            ...(hasContent && hasReceipts ? [item('Who has read it', 'receipts', () => this.#dialogs.receipts.show(conversation, row))] : []),
            ...(hasContent ? [item('Copy text', 'copy', () => navigator.clipboard?.writeText(row.text))] : []),
            ...(hasContent && row.mine && row.url === null && writable ? [item('Edit', 'edit', () => this.#composer.edit(row))] : []),
            ...(hasContent && mayRecall ? [item('Recall for everyone', 'recall', () => this.#commands.recall(conversation, row.seq), true)] : []),
            item('Delete for me', 'delete-for-me', () => this.#commands.deleteForMe(conversation, row.seq), true),
        ], hasContent && writable ? this.#symbols(conversation, row) : []);
    }

    #symbols(/** @type {Conversation} */ conversation, row) {
        return REACTIONS.map((reaction) => {
            const pressed = row.reactions.some((chip) => chip.reaction === reaction && chip.mine);
            const act = () => this.#commands.react(conversation, row.seq, reaction, pressed);
            return { label: reaction, pressed, testId: `react-${reaction}`, act };
        });
    }
}
