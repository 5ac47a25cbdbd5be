/** What can be done about a message: react, reply, forward, see who has read it, edit, recall, delete. */
import { whyNoWriting } from './footer.js';
import { Menu } from './menu.js';

const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

export class MessageMenu {
    #store;
    #commands;
    #composer;
    #dialogs;
    #menu = new Menu('message-menu');

    /** `dialogs`: {forward, receipts}. */
    constructor(store, commands, composer, dialogs) {
        this.#store = store;
        this.#commands = commands;
        this.#composer = composer;
        this.#dialogs = dialogs;
    }

    /** `row`: of the timeline, with a seq. */
    show(anchor, row) {
        const conversation = this.#store.open;
        const there = row.recalled === null;
        const writable = whyNoWriting(conversation) === null;
        const mayRecall = row.mine ? writable : conversation.group?.isAdmin === true;
        const mayKnow = conversation.group !== null && !conversation.large && (row.mine || conversation.group.isAdmin);
        const item = (label, testId, act, danger) => ({ label, testId, act, danger });
        this.#menu.show(anchor, [
            ...(there && writable ? [item('Reply', 'reply', () => this.#composer.answer(row))] : []),
            ...(there ? [item('Forward', 'forward', () => this.#dialogs.forward.show(conversation, row))] : []),
            ...(there && mayKnow ? [item('Who has read it', 'receipts', () => this.#dialogs.receipts.show(conversation, row))] : []),
            ...(there ? [item('Copy text', 'copy', () => navigator.clipboard?.writeText(row.text))] : []),
            ...(there && row.mine && row.url === null && writable ? [item('Edit', 'edit', () => this.#composer.change(row))] : []),
            ...(there && mayRecall ? [item('Recall for everyone', 'recall', () => this.#commands.recall(conversation, row.seq), true)] : []),
            item('Delete for me', 'delete-for-me', () => this.#commands.deleteForMe(conversation, row.seq), true),
        ], there && writable ? this.#symbols(conversation, row) : []);
    }

    #symbols(conversation, row) {
        return REACTIONS.map((reaction) => {
            const pressed = row.reactions.some((chip) => chip.reaction === reaction && chip.mine);
            const act = () => this.#commands.react(conversation, row.seq, reaction, pressed);
            return { label: reaction, pressed, testId: `react-${reaction}`, act };
        });
    }
}
