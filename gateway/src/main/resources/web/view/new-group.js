/** Asks for a group's name, its members and who may join, and opens it. */
import { randomId } from '../identity.js';
import { userIdProblem } from '../state/conversation-id.js';
import { closable } from './dialog.js';
import { byId, setText } from './dom.js';

export class NewGroupDialog {
    #store;
    #route;
    #commands;
    #dialog = closable('new-group-dialog', 'new-group-cancel');

    constructor(store, route, commands) {
        this.#store = store;
        this.#route = route;
        this.#commands = commands;
        byId('new-group-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
    }

    show() {
        byId('new-group-form').reset();
        this.#complain('');
        this.#dialog.showModal();
        byId('new-group-name').focus();
    }

    async #submit() {
        const name = byId('new-group-name').value.trim();
        const members = userIdsIn(byId('new-group-members').value);
        const wrong = members.find((userId) => userIdProblem(userId) !== null);
        if (name === '' || wrong !== undefined) {
            this.#complain(name === '' ? 'Please give the group a name.' : `${wrong}: ${userIdProblem(wrong)}`);
            return;
        }
        const profile = { name, joinPolicy: byId('new-group-policy').value, historyFromStart: byId('new-group-history').checked };
        const id = `g:${randomId().slice(0, 16)}`;
        const problem = await this.#commands.group(id, 'create', { profile, members });
        if (problem !== null) {
            this.#complain(problem);
            return;
        }
        this.#dialog.close();
        this.#route.open(id);
        byId('composer').focus();
    }

    #complain(problem) {
        setText(byId('new-group-problem'), problem);
    }
}

/** User ids as people write several: with commas, spaces or on lines of their own. */
export function userIdsIn(text) {
    return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
