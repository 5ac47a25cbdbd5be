/** Suggests users below a field: those whose names begin with what the user types. A click puts the user's id into the field. */
import { userProfile } from '../../protocol/frames.js';
import { userAvatar } from './avatar.js';
import { byId, element } from './dom.js';

/** @typedef {import('../../protocol/requests.js').Requests} Requests */
/** @typedef {import('../../state/store.js').Store} Store */

const PAUSE_MILLIS = 250;
const MAX_SUGGESTIONS = 6;
/** The last of several entries. */
const LAST_ENTRY = /[^,;\n]*$/u;

export class PeoplePicker {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;
    #field;
    #list;
    /** @type {(userId: string) => void} */
    #picked;
    #timer = /** @type {any} */ (0);
    /** Answers to earlier searches are dropped. */
    #current = 0;

    /**
     * @param {Store} store
     * @param {Requests} requests
     * @param {string} fieldId
     * @param {string} listId of the list that shows the suggestions
     * @param {(userId: string) => void} picked called after the id is in the field
     */
    constructor(store, requests, fieldId, listId, picked = () => {}) {
        this.#store = store;
        this.#requests = requests;
        this.#field = byId(fieldId);
        this.#list = byId(listId);
        this.#picked = picked;
        this.#field.addEventListener('input', () => this.#typed());
    }

    clear() {
        clearTimeout(this.#timer);
        this.#current++;
        this.#list.replaceChildren();
    }

    #typed() {
        this.clear();
        const prefix = this.#entry().trim();
        if (/[\p{L}\p{N}]/u.test(prefix)) {
            this.#timer = setTimeout(() => this.#search(prefix, this.#current), PAUSE_MILLIS);
        }
    }

    #entry() {
        return LAST_ENTRY.exec(this.#field.value)?.[0] ?? '';
    }

    async #search(prefix, current) {
        const [kind, value] = await this.#requests.request('userSearch', { prefix, limit: MAX_SUGGESTIONS });
        if (current === this.#current && kind === 'users') {
            const found = (value.users ?? []).map(userProfile);
            this.#store.people.apply(found.map(({ userId }) => userId), found, true, Date.now());
            this.#list.replaceChildren(...found.filter(({ userId }) => userId !== this.#store.me).map((user) => this.#item(user)));
        }
    }

    #item({ userId, name }) {
        const button = element('button', { type: 'button', class: 'place', 'data-testid': `pick-${userId}` },
            userAvatar(this.#store.people, userId),
            element('span', { class: 'name', dir: 'auto' }, name === userId ? userId : `${name} · ${userId}`));
        button.onclick = () => this.#pick(userId);
        return element('li', {}, button);
    }

    #pick(userId) {
        const before = this.#field.value.slice(0, this.#field.value.length - this.#entry().length);
        this.#field.value = before === '' ? userId : `${before.trimEnd()} ${userId}`;
        this.clear();
        this.#field.focus();
        this.#picked(userId);
    }
}
