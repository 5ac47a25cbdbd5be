/** Asks for a user id, or a group's, and opens the conversation. */
import { between, describe, userIdProblem } from '../state/conversation-id.js';
import { closable } from './dialog.js';
import { byId, setText } from './dom.js';

export class NewChatDialog {
    #store;
    #route;
    #dialog = closable('new-chat-dialog', 'new-chat-cancel');
    #user = byId('new-chat-user');

    constructor(store, route) {
        this.#store = store;
        this.#route = route;
        byId('new-chat-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
        this.#user.addEventListener('input', () => this.#complain(''));
    }

    show() {
        this.#user.value = '';
        this.#complain('');
        this.#dialog.showModal();
        this.#user.focus();
    }

    #submit() {
        const name = this.#user.value.trim();
        if (describe(name, '')?.kind === 'group') {
            this.#open(name);
            return;
        }
        const problem = name === this.#store.me ? 'That is you. Choose somebody else.' : userIdProblem(name);
        if (problem !== null) {
            this.#complain(problem);
            return;
        }
        this.#open(between(this.#store.me, name));
    }

    #open(conversationId) {
        this.#dialog.close();
        this.#route.open(conversationId);
        byId('composer').focus();
    }

    #complain(problem) {
        setText(byId('new-chat-problem'), problem);
        this.#user.setAttribute('aria-invalid', String(problem !== ''));
    }
}
