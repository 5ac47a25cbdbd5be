/** Asks what others are to see next to whether one is there. */
import { closable } from './dialog.js';
import { byId, setText } from './dom.js';

/** What the server takes. */
const MOST_BYTES = 256;

export class StatusDialog {
    #store;
    #account;
    #dialog = closable('status-dialog', 'status-cancel');
    #text = byId('status-text');

    constructor(store, account) {
        this.#store = store;
        this.#account = account;
        this.#text.addEventListener('input', () => this.#complain(''));
        byId('status-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
    }

    show() {
        this.#text.value = this.#store.presences.of(this.#store.me)?.status ?? '';
        this.#complain('');
        this.#dialog.showModal();
        this.#text.select();
    }

    async #submit() {
        const status = this.#text.value.trim();
        if (new TextEncoder().encode(status).length > MOST_BYTES) {
            this.#complain('This is too long.');
            return;
        }
        const problem = await this.#account.say(status);
        this.#complain(problem ?? '');
        if (problem === null) {
            this.#dialog.close();
        }
    }

    #complain(problem) {
        setText(byId('status-problem'), problem);
        this.#text.setAttribute('aria-invalid', String(problem !== ''));
    }
}
