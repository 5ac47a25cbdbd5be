/** What stands in the place of the composer where one cannot write, and what can be done about it. */
import { byId, element } from './dom.js';

/** A sentence, or null where one can write. */
export function whyNoWriting({ kind, group, relation, name }) {
    switch (kind) {
        case 'broadcast':
        case 'system':
            return 'Only the operator writes here.';
        case 'private':
            return relation.blocked ? `You have blocked ${name}.` : null;
        case 'group':
            return whyNotInGroup(group);
        default:
            return null;
    }
}

function whyNotInGroup(group) {
    if (group.dissolved) {
        return 'This group was dissolved.';
    }
    if (group.invitedBy !== '') {
        return `${group.invitedBy} invites you to this group.`;
    }
    if (!group.myRole) {
        return group.joinedSeq > 0 ? 'You do not belong to this group any more.' : 'You do not belong to this group.';
    }
    return group.allMuted && !group.isAdmin ? 'Everyone but the owner and admins is muted.' : null;
}

export class Footer {
    #commands;
    #account;
    #store;
    #line = byId('footer');
    #said = '';
    #problem = '';
    #shownId = null;

    constructor(store, commands, account) {
        this.#store = store;
        this.#commands = commands;
        this.#account = account;
    }

    show(conversation) {
        if (this.#shownId !== conversation.id) {
            this.#shownId = conversation.id;
            this.#problem = '';
        }
        const why = this.#store.synced || conversation.lastSeq > 0 ? whyNoWriting(conversation) : null;
        byId('composer-form').hidden = why !== null;
        this.#line.hidden = why === null;
        const said = [why, this.#problem].join(' ');
        if (why !== null && said !== this.#said) {
            this.#line.replaceChildren(
                element('span', { dir: 'auto' }, why),
                ...this.#ways(conversation),
                element('span', { class: 'problem', role: 'alert' }, this.#problem));
        }
        this.#said = said;
    }

    #ways(conversation) {
        const { kind, group } = conversation;
        if (kind === 'private') {
            return [this.#way('Unblock', 'unblock', () => this.#commands.friend(conversation, 'unblock'))];
        }
        if (kind === 'group' && conversation.invited) {
            return [
                this.#way('Accept', 'accept-invitation', () => this.#account.acceptInvitation(conversation)),
                this.#way('Decline', 'decline-invitation', () => this.#decline(conversation)),
            ];
        }
        const mayJoin = kind === 'group' && !group.dissolved && !group.myRole && group.profile.joinPolicy !== 'BY_INVITATION';
        return mayJoin ? [this.#way('Join', 'join', () => this.#commands.group(conversation.id, 'join'))] : [];
    }

    /** As the server does, hides what the user has never belonged to. */
    async #decline(conversation) {
        const problem = await this.#commands.group(conversation.id, 'leave');
        if (problem === null) {
            conversation.settings.change({ hidden: true });
        }
        return problem;
    }

    #way(label, testId, act) {
        const button = element('button', { type: 'button', class: 'primary small', 'data-testid': testId }, label);
        button.onclick = async () => {
            button.disabled = true;
            const answer = await act();
            this.#problem = answer ?? (testId === 'join' ? 'Asked. Somebody has to let you in.' : '');
            button.disabled = false;
            this.#store.changed();
        };
        return button;
    }
}
