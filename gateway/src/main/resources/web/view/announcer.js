/** Speaks new messages to those who listen to the page instead of looking at it, and counts them in the title. */
import { calls } from '../state/reading.js';
import { byId } from './dom.js';

export class Announcer {
    #store;
    #region = byId('announcer');

    constructor(store) {
        this.#store = store;
        store.subscribe(() => this.#count());
    }

    announce(conversationId, messages) {
        const { me } = this.#store;
        const here = conversationId === this.#store.openId;
        const quiet = this.#store.conversation(conversationId).settings.muted && !here;
        // One's name is heard all the same.
        const others = messages.filter((m) => m.sender !== me && (!quiet || calls(me, m)));
        if (others.length === 0) {
            return;
        }
        const { sender: by, text } = others.at(-1);
        const sender = by || 'System';
        this.#region.textContent = here ? `${sender}: ${text}` : `New message from ${sender}`;
    }

    #count() {
        const unread = this.#store.connection.name === 'stopped' ? 0 : this.#store.totalUnread;
        document.title = unread > 0 ? `(${unread}) Tidings` : 'Tidings';
    }
}
