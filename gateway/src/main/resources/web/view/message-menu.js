/** What can be done about a message: react, reply, forward, edit, recall, delete. */
import { whyNoWriting } from './footer.js';
import { Menu } from './menu.js';

const REACTIONS = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

export class MessageMenu {
    #store;
    #commands;
    #composer;
    #forwardDialog;
    #menu = new Menu('message-menu');

    constructor(store, commands, composer, forwardDialog) {
        this.#store = store;
        this.#commands = commands;
        this.#composer = composer;
        this.#forwardDialog = forwardDialog;
    }

    /** `row`: of the timeline, with a seq. */
    show(anchor, row) {
        const conversation = this.#store.open;
        const there = row.recalled === null;
        const writable = whyNoWriting(conversation) === null;
        const mayRecall = row.mine ? writable : conversation.group?.isAdmin === true;
        const item = (label, testId, act, danger) => ({ label, testId, act, danger });
        this.#menu.show(anchor, [
            ...(there && writable ? [item('Reply', 'reply', () => this.#composer.answer(row))] : []),
            ...(there ? [item('Forward', 'forward', () => this.#forwardDialog.show(conversation, row))] : []),
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
