/** Sets the user's name in the directory, and the status that others see beside their presence. */
import { text } from '../../texts/texts.js';
import { closableDialog } from '../components/dialog.js';
import { byId, setText } from '../components/dom.js';

/** @typedef {import('../../protocol/account.js').Account} Account */
/** @typedef {import('../../state/store.js').Store} Store */

/** The server's limit. */
const MAX_BYTES = 256;

export class StatusDialog {
    /** @type {Store} */
    #store;
    /** @type {Account} */
    #account;
    #dialog = closableDialog('status-dialog', 'status-cancel');
    #name = byId('status-name');
    #text = byId('status-text');

    /**
     * @param {Store} store
     * @param {Account} account
     */
    constructor(store, account) {
        this.#store = store;
        this.#account = account;
        this.#name.addEventListener('input', () => this.#showProblem(''));
        this.#text.addEventListener('input', () => this.#showProblem(''));
        byId('status-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
    }

    show() {
        this.#name.value = this.#ownName;
        this.#text.value = this.#store.presences.of(this.#store.me)?.status ?? '';
        this.#showProblem('');
        this.#dialog.showModal();
        this.#text.select();
    }

    /** The name in the directory; empty: none. */
    get #ownName() {
        const { me, people } = this.#store;
        return people.nameOf(me) === me ? '' : people.nameOf(me);
    }

    async #submit() {
        const name = this.#name.value.trim();
        const status = this.#text.value.trim();
        const bytes = Math.max(...[name, status].map((value) => new TextEncoder().encode(value).length));
        if (bytes > MAX_BYTES) {
            this.#showProblem(text('status.tooLong', { bytes, max: MAX_BYTES }));
            return;
        }
        const problem = (name === this.#ownName ? null : await this.#account.setName(name)) ?? (await this.#account.setStatus(status));
        this.#showProblem(problem ?? '');
        if (problem === null) {
            this.#dialog.close();
        }
    }

    #showProblem(problem) {
        setText(byId('status-problem'), problem);
        this.#text.setAttribute('aria-invalid', String(problem !== ''));
    }
}
