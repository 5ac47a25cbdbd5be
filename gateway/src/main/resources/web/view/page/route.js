/**
 * Keeps the open conversation in the page's address: `#<conversation id>`. A reload opens it again, and on a phone the system's
 * back button leads to the list.
 */
import { parseConversationId } from '../../state/conversation-id.js';

export class Route {
    /** @type {(conversationId: string | null) => void} */
    #onChange;

    /** @param {(conversationId: string | null) => void} onChange */
    constructor(onChange) {
        this.#onChange = onChange;
        addEventListener('popstate', () => this.restore());
    }

    restore() {
        const id = decodeURIComponent(location.hash.slice(1));
        this.#onChange(parseConversationId(id, '') === null ? null : id);
    }

    /** Opens a conversation. Back leads to the list, also after several conversations. */
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
