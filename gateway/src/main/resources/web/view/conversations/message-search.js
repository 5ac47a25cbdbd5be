/** The search field above the conversations, and the messages that match: name, time, and the text with its matches marked. */
import { problemText } from '../../protocol/refusals.js';
import { int } from '../../protocol/json.js';
import { text } from '../../texts/texts.js';
import { byId, element } from '../components/dom.js';
import { senderName } from '../text/notice-text.js';
import { fullTime, shortTime } from '../text/times.js';

/** @typedef {import('../../protocol/requests.js').Requests} Requests */
/** @typedef {import('../../state/store.js').Store} Store */

const PAUSE_MILLIS = 300;

export class MessageSearch {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    /** @type {(conversationId: string, seq: number) => void} */
    #goTo;
    #field = byId('search');
    #results = byId('search-results');
    #order = byId('search-order');
    #timer = /** @type {any} */ (0);
    /** Answers to earlier searches are dropped. */
    #current = 0;
    /** Repeats the search that had no answer because there was no connection; null: none. */
    #repeat = /** @type {(() => void) | null} */ (null);

    /**
     * @param {Store} store
     * @param {Requests} requests
     * @param {(conversationId: string, seq: number) => void} goTo opens a conversation at a message
     */
    constructor(store, requests, goTo) {
        this.#store = store;
        this.#requests = requests;
        this.#goTo = goTo;
        this.#field.oninput = () => this.#typed();
        this.#order.onchange = () => this.#typed();
        this.#field.addEventListener('keydown', (/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && this.#clear());
    }

    /** Repeats a search that had no answer because there was no connection. */
    connected() {
        this.#repeat?.();
    }

    #typed() {
        this.#cancel();
        const query = this.#field.value.trim();
        if (query === '') {
            this.#clear();
        } else {
            this.#timer = setTimeout(() => this.#search(query, '', this.#current), PAUSE_MILLIS);
        }
    }

    #cancel() {
        clearTimeout(this.#timer);
        this.#current++;
        this.#repeat = null;
    }

    #clear() {
        this.#cancel();
        this.#field.value = '';
        this.#results.hidden = true;
        this.#order.hidden = true;
        this.#results.replaceChildren();
    }

    /** Shows one page; the pages after the first are added to it. */
    async #search(query, cursor, current) {
        this.#repeat = null;
        const [kind, value] = await this.#requests.request('search', { query, cursor, order: this.#order.value, prefix: true });
        if (current !== this.#current) {
            return;
        }
        this.#results.querySelector('.more, .search-note')?.remove();
        if (cursor === '') {
            this.#results.replaceChildren();
        }
        this.#results.hidden = false;
        this.#order.hidden = false;
        if (kind !== 'searchResults') {
            this.#repeat = kind === 'lost' ? () => this.#search(query, cursor, current) : null;
            this.#results.append(note(problemText(kind, value)));
            return;
        }
        const hits = (value.hits ?? []).filter((hit) => !this.#isDeleted(hit));
        this.#results.append(...hits.map((hit) => this.#row(hit)));
        if (value.nextCursor) {
            this.#results.append(this.#more(query, value.nextCursor, current));
        } else if (this.#results.childElementCount === 0) {
            this.#results.append(note(text('search.nothing')));
        }
    }

    /** The search leaves out what the user has deleted for themselves, but about a second later than this page. */
    #isDeleted({ conversationId, seq }) {
        return this.#store.conversations.get(conversationId)?.deleted.has(int(seq)) === true;
    }

    #row(hit) {
        const sentAt = Date.parse(hit.sentAt);
        const name = this.#store.conversation(hit.conversationId).name;
        const sender = hit.sender === this.#store.me ? text('message.you') : senderName(hit.sender, this.#store.people);
        const button = element('button', { type: 'button', class: 'hit', 'data-testid': `hit-${hit.conversationId}-${hit.seq}` },
            element('span', { class: 'line' },
                element('span', { class: 'name', dir: 'auto' }, name),
                element('time', { class: 'when', title: fullTime(sentAt) }, shortTime(sentAt))),
            element('span', { class: 'excerpt', dir: 'auto' }, text('search.by', { name: sender }), ...marked(hit)));
        button.onclick = () => this.#goTo(hit.conversationId, int(hit.seq));
        return element('li', {}, button);
    }

    #more(query, cursor, current) {
        const button = element('button', { type: 'button', class: 'primary small', 'data-testid': 'search-more' }, text('action.showMore'));
        button.onclick = () => this.#search(query, cursor, current);
        return element('li', { class: 'more' }, button);
    }
}

function note(sentence) {
    return element('li', { class: 'search-note' }, element('p', { role: 'status' }, sentence));
}

/** The excerpt with its highlights, whose positions are UTF-16 units. */
function marked({ excerpt, highlights }) {
    const parts = [];
    let at = 0;
    for (const { from = 0, to } of highlights ?? []) {
        parts.push(excerpt.slice(at, from), element('mark', {}, excerpt.slice(from, to)));
        at = to;
    }
    return [...parts, excerpt.slice(at)];
}
