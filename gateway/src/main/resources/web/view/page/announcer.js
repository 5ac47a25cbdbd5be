/** Announces new messages to screen readers, and shows the number of unread messages in the title. */
import { announcedMessages } from '../../state/announced-messages.js';
import { text } from '../../texts/texts.js';
import { byId } from '../components/dom.js';
import { senderName } from '../text/notice-text.js';

/** @typedef {import('../../state/store.js').Store} Store */

export class Announcer {
    /** @type {Store} */
    #store;
    #region = byId('announcer');

    /** @param {Store} store */
    constructor(store) {
        this.#store = store;
        store.subscribe(() => this.#showTotal());
    }

    announce(conversationId, messages) {
        const isOpen = conversationId === this.#store.openId;
        const last = announcedMessages(this.#store, conversationId, messages, isOpen).at(-1);
        if (last !== undefined) {
            const name = senderName(last.sender, this.#store.people);
            this.#region.textContent = isOpen ? `${text('message.by', { name })}${last.text}` : text('message.announcedBy', { name });
        }
    }

    #showTotal() {
        const unread = this.#store.connection.name === 'stopped' ? 0 : this.#store.totalUnread;
        document.title = unread > 0 ? `(${unread}) Tidings` : 'Tidings';
    }
}
