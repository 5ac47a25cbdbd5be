/** Asks for the name, the members and the join policy of a new group, creates the group and opens it. */
import { randomId } from '../../random-id.js';
import { userIdProblem } from '../../state/conversation-id.js';
import { text } from '../../texts/texts.js';
import { closableDialog } from '../components/dialog.js';
import { byId, setText } from '../components/dom.js';
import { PeoplePicker } from '../components/people-picker.js';

/** @typedef {import('../../protocol/commands.js').Commands} Commands */
/** @typedef {import('../page/route.js').Route} Route */

export class NewGroupDialog {
    /** @type {Route} */
    #route;
    /** @type {Commands} */
    #commands;
    /** The id of the new group: the same for each attempt, so a repeated one creates no second group. */
    #id = '';
    #picker;
    #dialog = closableDialog('new-group-dialog', 'new-group-cancel');

    /**
     * @param {Route} route
     * @param {Commands} commands
     * @param {import('../../state/store.js').Store} store
     * @param {import('../../protocol/requests.js').Requests} requests
     */
    constructor(route, commands, store, requests) {
        this.#picker = new PeoplePicker(store, requests, 'new-group-members', 'new-group-people');
        this.#route = route;
        this.#commands = commands;
        byId('new-group-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
    }

    show() {
        this.#id = `g:${randomId().slice(0, 16)}`;
        byId('new-group-form').reset();
        this.#picker.clear();
        this.#showProblem('');
        this.#dialog.showModal();
        byId('new-group-name').focus();
    }

    async #submit() {
        const name = byId('new-group-name').value.trim();
        const members = userIdsIn(byId('new-group-members').value);
        const wrong = members.find((userId) => userIdProblem(userId) !== null);
        if (name === '' || wrong !== undefined) {
            this.#showProblem(name === '' ? text('newGroup.nameMissing') : wrongMember(wrong));
            return;
        }
        const profile = { name, joinPolicy: byId('new-group-policy').value, historyFromStart: byId('new-group-history').checked };
        const problem = await this.#commands.group(this.#id, 'create', { profile, members });
        if (problem !== null) {
            this.#showProblem(problem);
            return;
        }
        this.#dialog.close();
        this.#route.open(this.#id);
        byId('composer').focus();
    }

    #showProblem(problem) {
        setText(byId('new-group-problem'), problem);
    }
}

/** The problem with an entry that is no user id. */
export function wrongMember(entry) {
    return text('newGroup.wrongMember', { name: entry, problem: userIdProblem(entry) ?? '' });
}

/** The user ids in a text, separated by commas, semicolons or white space; each once. */
export function userIdsIn(text) {
    return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
