/** Replaces the composer where the user cannot write: says why, and offers what they can do about it. */
import { text } from '../../texts/texts.js';
import { byId, element } from '../components/dom.js';

/** @typedef {import('../../protocol/account.js').Account} Account */
/** @typedef {import('../../protocol/commands.js').Commands} Commands */
/** @typedef {import('../page/route.js').Route} Route */
/** @typedef {import('../../state/store.js').Store} Store */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

/** Why the user cannot write in a conversation, as a sentence; null where they can. */
export function readOnlyReason({ kind, group, relation, name, people }) {
    switch (kind) {
        case 'broadcast':
        case 'system':
            return text('readOnly.operator');
        case 'private':
            return relation.blocked ? text('readOnly.blocked', { name }) : null;
        case 'group':
            return groupReason(group, people);
        default:
            return null;
    }
}

function groupReason(group, people) {
    if (group.dissolved) {
        return text('readOnly.dissolved');
    }
    if (group.invitedBy !== '') {
        return text('readOnly.invited', { name: people.nameOf(group.invitedBy) });
    }
    if (!group.myRole) {
        return text(group.joinedSeq > 0 ? 'readOnly.notAMemberAnyMore' : 'readOnly.notAMember');
    }
    return group.allMuted && !group.isAdmin ? text('readOnly.muted') : null;
}

export class ReadOnlyFooter {
    /** @type {Store} */
    #store;
    /** @type {Route} */
    #route;
    /** @type {Commands} */
    #commands;
    /** @type {Account} */
    #account;
    #line = byId('footer');
    #shown = '';
    #problem = '';
    #shownId = '';

    /**
     * @param {Store} store
     * @param {Route} route
     * @param {Commands} commands
     * @param {Account} account
     */
    constructor(store, route, commands, account) {
        this.#store = store;
        this.#route = route;
        this.#commands = commands;
        this.#account = account;
    }

    show(/** @type {Conversation} */ conversation) {
        if (this.#shownId !== conversation.id) {
            this.#shownId = conversation.id;
            this.#problem = '';
        }
        const reason = this.#store.synced || conversation.lastSeq > 0 ? readOnlyReason(conversation) : null;
        byId('composer-form').hidden = reason !== null;
        this.#line.hidden = reason === null;
        const shown = [conversation.id, reason, this.#problem].join(' ');
        if (reason !== null && shown !== this.#shown) {
            this.#line.replaceChildren(
                element('span', { dir: 'auto' }, reason),
                ...this.#buttons(conversation),
                element('span', { class: 'problem', role: 'alert' }, this.#problem));
        }
        this.#shown = shown;
    }

    #buttons(/** @type {Conversation} */ conversation) {
        const { id, kind, group } = conversation;
        if (kind === 'private') {
            return [this.#button(text('friend.unblock'), 'unblock', () => this.#commands.friend(conversation, 'unblock'))];
        }
        if (kind === 'group' && conversation.invited) {
            return [
                this.#button(text('action.accept'), 'accept-invitation', () => this.#account.acceptInvitation(conversation)),
                this.#button(text('action.decline'), 'decline-invitation', () => this.#decline(conversation)),
            ];
        }
        const mayJoin = group !== null && !group.dissolved && !group.myRole && group.profile.joinPolicy !== 'BY_INVITATION';
        return mayJoin ? [this.#button(text('readOnly.join'), 'join', async () => (await this.#commands.group(id, 'join')) ?? text('readOnly.joinRequested'))] : [];
    }

    /** A declined group is in no list, so it does not stay open. */
    async #decline(/** @type {Conversation} */ conversation) {
        const problem = await this.#commands.group(conversation.id, 'leave');
        if (problem === null && conversation.id === this.#store.openId) {
            this.#route.close();
        }
        return problem;
    }

    /** `act()` returns the sentence to show, or null. */
    #button(label, testId, act) {
        const button = element('button', { type: 'button', class: 'primary small', 'data-testid': testId }, label);
        button.onclick = async () => {
            button.disabled = true;
            this.#problem = (await act()) ?? '';
            button.disabled = false;
            this.#store.changed();
        };
        return button;
    }
}
