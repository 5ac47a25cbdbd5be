/** Announces new messages to screen readers, and shows the number of unread messages in the title. */
import { mentionsUser } from '../../state/read-state.js';
import { byId } from '../components/dom.js';

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
        const { me } = this.#store;
        const isOpen = conversationId === this.#store.openId;
        const isMuted = this.#store.conversation(conversationId).settings.muted && !isOpen;
        // A mention is announced in a muted conversation, too.
        const others = messages.filter((m) => m.sender !== me && (!isMuted || mentionsUser(me, m)));
        if (others.length === 0) {
            return;
        }
        const { sender: by, text } = others.at(-1);
        const sender = this.#store.people.nameOf(by) || 'System';
        this.#region.textContent = isOpen ? `${sender}: ${text}` : `New message from ${sender}`;
    }

    #showTotal() {
        const unread = this.#store.connection.name === 'stopped' ? 0 : this.#store.totalUnread;
        document.title = unread > 0 ? `(${unread}) Tidings` : 'Tidings';
    }
}
