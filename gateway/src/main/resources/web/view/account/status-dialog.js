/** Sets the status that others see beside the user's presence. */
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
    #text = byId('status-text');

    /**
     * @param {Store} store
     * @param {Account} account
     */
    constructor(store, account) {
        this.#store = store;
        this.#account = account;
        this.#text.addEventListener('input', () => this.#showProblem(''));
        byId('status-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
    }

    show() {
        this.#text.value = this.#store.presences.of(this.#store.me)?.status ?? '';
        this.#showProblem('');
        this.#dialog.showModal();
        this.#text.select();
    }

    async #submit() {
        const status = this.#text.value.trim();
        const bytes = new TextEncoder().encode(status).length;
        if (bytes > MAX_BYTES) {
            this.#showProblem(`This has ${bytes} bytes; at most ${MAX_BYTES} are allowed.`);
            return;
        }
        const problem = await this.#account.setStatus(status);
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
