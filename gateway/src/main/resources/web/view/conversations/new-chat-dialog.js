/** Asks for a user, with suggestions by name, or for the id of a group, and opens the conversation. */
import { parseConversationId, privateConversationId, userIdProblem } from '../../state/conversation-id.js';
import { text } from '../../texts/texts.js';
import { closableDialog } from '../components/dialog.js';
import { byId, setText } from '../components/dom.js';
import { PeoplePicker } from '../components/people-picker.js';

/** @typedef {import('../page/route.js').Route} Route */
/** @typedef {import('../../state/store.js').Store} Store */

export class NewChatDialog {
    /** @type {Store} */
    #store;
    /** @type {Route} */
    #route;
    #dialog = closableDialog('new-chat-dialog', 'new-chat-cancel');
    #user = byId('new-chat-user');
    #start = byId('new-chat-start');
    #picker;
    #commands;

    /**
     * @param {Store} store
     * @param {Route} route
     * @param {import('../../protocol/requests.js').Requests} requests
     * @param {import('../../protocol/commands.js').Commands} commands
     */
    constructor(store, route, requests, commands) {
        this.#commands = commands;
        this.#store = store;
        this.#route = route;
        this.#picker = new PeoplePicker(store, requests, 'new-chat-user', 'new-chat-people', () => this.#submit());
        byId('new-chat-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
        this.#user.addEventListener('input', () => this.#showProblem(''));
    }

    show() {
        this.#user.value = '';
        this.#picker.clear();
        this.#showProblem('');
        this.#dialog.showModal();
        this.#user.focus();
    }

    async #submit() {
        const name = this.#user.value.trim();
        if (parseConversationId(name, '')?.kind === 'group') {
            const problem = await this.#problemOfGroup(name);
            problem === null ? this.#open(name) : this.#showProblem(problem);
            return;
        }
        const problem = name === this.#store.me ? text('newChat.yourself') : userIdProblem(name);
        if (problem !== null) {
            this.#showProblem(problem);
            return;
        }
        this.#open(privateConversationId(this.#store.me, name));
    }

    /** Returns the reason why a group cannot be opened, as a sentence, or null. Asks the server about unknown groups only. */
    async #problemOfGroup(id) {
        if (this.#store.conversations.has(id)) {
            return null;
        }
        this.#start.disabled = true;
        const problem = await this.#commands.findGroup(id);
        this.#start.disabled = false;
        return problem;
    }

    #open(conversationId) {
        this.#dialog.close();
        this.#route.open(conversationId);
        byId('composer').focus();
    }

    #showProblem(problem) {
        setText(byId('new-chat-problem'), problem);
        this.#user.setAttribute('aria-invalid', String(problem !== ''));
    }
}
