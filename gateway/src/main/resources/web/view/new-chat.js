/** Asks for a user id and opens the conversation with that user. */
import { between, userIdProblem } from '../state/conversation-id.js';
import { byId, setText } from './dom.js';

export class NewChatDialog {
    #store;
    #route;
    #dialog = byId('new-chat-dialog');
    #user = byId('new-chat-user');

    constructor(store, route) {
        this.#store = store;
        this.#route = route;
        byId('new-chat-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
        byId('new-chat-cancel').addEventListener('click', () => this.#dialog.close());
        this.#user.addEventListener('input', () => this.#complain(''));
        // A click beside the card closes it.
        this.#dialog.addEventListener('click', (e) => e.target === this.#dialog && this.#dialog.close());
    }

    show() {
        this.#user.value = '';
        this.#complain('');
        this.#dialog.showModal();
        this.#user.focus();
    }

    #submit() {
        const name = this.#user.value.trim();
        const problem = name === this.#store.me ? 'That is you. Choose somebody else.' : userIdProblem(name);
        if (problem !== null) {
            this.#complain(problem);
            return;
        }
        this.#dialog.close();
        this.#route.open(between(this.#store.me, name));
        byId('composer').focus();
    }

    #complain(problem) {
        setText(byId('new-chat-problem'), problem);
        this.#user.setAttribute('aria-invalid', String(problem !== ''));
    }
}
