/**
 * Which conversation is open, as the page's address says: `#<conversation id>`. So a reload comes back to it, and on a
 * phone the system's own way back leads to the list.
 */
import { describe } from '../state/conversation-id.js';

export class Route {
    #onChange;

    /** `onChange(conversationId or null)`. */
    constructor(onChange) {
        this.#onChange = onChange;
        addEventListener('popstate', () => this.restore());
    }

    restore() {
        const id = decodeURIComponent(location.hash.slice(1));
        this.#onChange(describe(id, '') === null ? null : id);
    }

    /** Opens a conversation. From the list one can go back; from one conversation to the next is no step. */
    open(conversationId) {
        const address = `#${encodeURIComponent(conversationId)}`;
        if (location.hash.length > 1) {
            history.replaceState(history.state, '', address);
        } else {
            history.pushState({ fromList: true }, '', address);
        }
        this.restore();
    }

    close() {
        if (history.state?.fromList) {
            history.back();
        } else {
            history.replaceState(null, '', location.pathname);
            this.restore();
        }
    }
}
