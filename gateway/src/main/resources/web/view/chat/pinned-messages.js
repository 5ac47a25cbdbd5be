/**
 * The pinned messages of the open conversation: a line above the chat with the newest one, which jumps to it and then to the one before,
 * and a dialog that lists all of them.
 */
import { text } from '../../texts/texts.js';
import { closableDialog } from '../components/dialog.js';
import { byId, element, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { senderName } from '../text/notice-text.js';
import { shortTime } from '../text/times.js';
import { mayPin } from './message-menu.js';

/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

export class PinnedMessages {
    /** @type {import('../../state/store.js').Store} */
    #store;
    /** @type {import('../../protocol/commands.js').Commands} */
    #commands;
    /** @type {(seq: number) => void} */
    #goTo;
    #dialog = closableDialog('pins-dialog', 'pins-close');
    #shownId = '';
    /** The number of pinned messages after the one in the line. */
    #position = 0;
    #looks = '';

    /**
     * @param {import('../../state/store.js').Store} store
     * @param {import('../../protocol/commands.js').Commands} commands
     * @param {(seq: number) => void} goTo
     */
    constructor(store, commands, goTo) {
        this.#store = store;
        this.#commands = commands;
        this.#goTo = goTo;
        byId('pins-icon').replaceChildren(icon('pin'));
        byId('pins-close').replaceChildren(icon('close'));
        byId('pins-go').onclick = () => this.#goToShown();
        byId('pins-all').onclick = () => this.#showAll();
    }

    show(/** @type {Conversation} */ conversation) {
        if (this.#shownId !== conversation.id) {
            this.#shownId = conversation.id;
            this.#position = 0;
        }
        const seqs = conversation.pinnedSeqs;
        byId('pins').hidden = seqs.length === 0;
        if (seqs.length > 0) {
            this.#position = Math.min(this.#position, seqs.length - 1);
            setText(byId('pins-text'), this.#textOf(conversation, seqs.at(-1 - this.#position)));
            setText(byId('pins-all'), text('pins.count', { count: seqs.length }));
            if (this.#store.synced) {
                this.#commands.loadPinned(conversation);
            }
        }
        if (this.#dialog.open) {
            this.#showList(conversation);
        }
    }

    #goToShown() {
        const seqs = this.#store.open?.pinnedSeqs ?? [];
        const seq = seqs.at(-1 - this.#position);
        this.#position = (this.#position + 1) % Math.max(1, seqs.length);
        if (seq !== undefined) {
            this.#goTo(seq);
        }
    }

    #showAll() {
        const { open } = this.#store;
        if (open !== null) {
            setText(byId('pins-problem'), '');
            this.#looks = '';
            this.#showList(open);
            this.#dialog.showModal();
        }
    }

    #showList(/** @type {Conversation} */ conversation) {
        const rows = conversation.pinnedSeqs.toReversed().map((seq) => ({ seq, message: conversation.pinnedMessage(seq), shown: this.#textOf(conversation, seq) }));
        const looks = JSON.stringify([conversation.id, rows, mayPin(conversation)]);
        if (this.#looks !== looks) {
            this.#looks = looks;
            const items = rows.map((row) => this.#item(conversation, row));
            byId('pins-list').replaceChildren(...(items.length > 0 ? items : [element('li', { class: 'soft' }, text('pins.none'))]));
        }
    }

    #item(/** @type {Conversation} */ conversation, { seq, message, shown }) {
        const go = element('button', { type: 'button', class: 'place', 'data-testid': `pin-${seq}` },
            element('span', { class: 'pinned' },
                ...(message === null ? [] : [element('span', { class: 'soft', dir: 'auto' }, `${senderName(message.sender, conversation.people)} · ${shortTime(message.sentAt)}`)]),
                element('span', { class: 'excerpt', dir: 'auto' }, shown)));
        go.onclick = () => {
            this.#dialog.close();
            this.#goTo(seq);
        };
        if (!mayPin(conversation)) {
            return element('li', { class: 'member' }, go);
        }
        const label = text('pins.unpin', { text: shown });
        const unpin = element('button', { type: 'button', class: 'icon', 'aria-label': label, title: label, 'data-testid': `unpin-${seq}` }, icon('close'));
        unpin.onclick = async () => {
            unpin.disabled = true;
            setText(byId('pins-problem'), (await this.#commands.pin(conversation, seq, true)) ?? '');
            unpin.disabled = false;
        };
        return element('li', { class: 'member' }, go, unpin);
    }

    #textOf(/** @type {Conversation} */ conversation, seq) {
        return conversation.pinnedMessage(seq)?.text || text('message.pinned');
    }
}
