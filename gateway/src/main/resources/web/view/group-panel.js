/** About a group: who belongs to it, what it says of itself, and what its members, admins and owner can do. */
import { userIdProblem } from '../state/conversation-id.js';
import { avatar } from './avatar.js';
import { closable } from './dialog.js';
import { byId, element, KeyedChildren, setText } from './dom.js';
import { icon } from './icons.js';
import { Menu } from './menu.js';
import { userIdsIn } from './new-group.js';

const ROLES = { OWNER: 'Owner', ADMIN: 'Admin', MEMBER: '' };

export class GroupPanel {
    #store;
    #route;
    #commands;
    #conversation = null;
    #dialog = closable('group-panel', 'group-close');
    #menu = new Menu('member-menu', this.#dialog);
    #members;
    #requests;

    constructor(store, route, commands) {
        this.#store = store;
        this.#route = route;
        this.#commands = commands;
        this.#members = new KeyedChildren(byId('group-members'), () => element('li', { class: 'member' }), (item, row) => this.#paintMember(item, row));
        this.#requests = new KeyedChildren(byId('group-requests'), () => element('li', { class: 'member' }), (item, row) => this.#paintRequest(item, row));
        byId('group-close').replaceChildren(icon('close'));
        byId('group-add-form').addEventListener('submit', (e) => this.#submit(e, () => this.#add()));
        byId('group-profile-form').addEventListener('submit', (e) => this.#submit(e, () => this.#update()));
        byId('group-policy').onchange = () => this.#wish('update', { joinPolicy: byId('group-policy').value });
        byId('group-mute').onchange = () => this.#wish('muteAll', { muted: byId('group-mute').checked });
        byId('group-more').onclick = () => commands.describe(this.#conversation, this.#conversation.group.describedUpTo);
        byId('group-leave').onclick = () => this.#leave('leave', 'Leave this group?');
        byId('group-dissolve').onclick = () => this.#leave('dissolve', 'Dissolve this group for everyone?');
        store.subscribe(() => this.#dialog.open && this.#show());
    }

    show(conversation) {
        const { profile } = conversation.group;
        this.#conversation = conversation;
        this.#complain('');
        byId('group-add').value = '';
        byId('group-name').value = profile.name;
        byId('group-announcement').value = profile.announcement;
        this.#show();
        this.#dialog.showModal();
        this.#commands.describe(conversation);
    }

    #show() {
        const { id, group } = this.#conversation;
        const { profile, isAdmin, myRole } = group;
        setText(byId('group-heading'), profile.name);
        setText(byId('group-id'), id);
        setText(byId('group-count'), group.memberCount === 1 ? '1 member' : `${group.memberCount} members`);
        setText(byId('group-said'), profile.announcement);
        byId('group-said').hidden = isAdmin || profile.announcement === '';
        byId('group-profile-form').hidden = !isAdmin;
        byId('group-add-form').hidden = profile.joinPolicy === 'BY_APPROVAL' && !isAdmin;
        byId('group-policy').value = profile.joinPolicy;
        byId('group-mute').checked = group.allMuted;
        byId('group-settings').hidden = !isAdmin;
        byId('group-more').hidden = group.complete;
        byId('group-leave').hidden = !myRole || myRole === 'OWNER';
        byId('group-dissolve').hidden = myRole !== 'OWNER';
        this.#members.show(group.members.map(({ userId, role }) => ({ key: userId, userId, role, look: `${role} ${myRole}` })));
        const requests = isAdmin ? [...group.requests] : [];
        byId('group-requests-part').hidden = requests.length === 0;
        this.#requests.show(requests.map(([userId, note]) => ({ key: userId, userId, note, look: note })));
    }

    #paintMember(item, { userId, role }) {
        const ways = this.#waysWith(userId, role);
        const more = element('button', { type: 'button', class: 'icon', 'aria-label': `More about ${userId}`, 'data-testid': `member-actions-${userId}` }, icon('more'));
        more.onclick = () => this.#menu.show(more, ways);
        item.setAttribute('data-testid', `member-${userId}`);
        item.replaceChildren(
            avatar(userId),
            element('span', { class: 'name', dir: 'auto' }, userId === this.#store.me ? `${userId} (you)` : userId),
            element('span', { class: 'role' }, ROLES[role]),
            ...(ways.length > 0 ? [more] : []));
    }

    #waysWith(userId, role) {
        const { myRole, isAdmin } = this.#conversation.group;
        const way = (label, wish, body, danger = false) => ({ label, testId: wish, danger, act: () => this.#wish(wish, body) });
        const other = userId !== this.#store.me;
        const owner = myRole === 'OWNER' && other;
        return [
            ...(owner && role === 'MEMBER' ? [way('Make an admin', 'setRole', { userId, role: 'ADMIN' })] : []),
            ...(owner && role === 'ADMIN' ? [way('Make a member', 'setRole', { userId, role: 'MEMBER' })] : []),
            ...(owner ? [way('Hand the group over', 'transferOwnership', { userId }, true)] : []),
            ...(owner || (isAdmin && role === 'MEMBER') ? [way('Remove from the group', 'removeMembers', { userIds: [userId] }, true)] : []),
        ];
    }

    #paintRequest(item, { userId, note }) {
        const decide = (label, approve) => {
            const button = element('button', { type: 'button', class: 'link', 'data-testid': `${approve ? 'approve' : 'decline'}-${userId}` }, label);
            button.onclick = () => this.#wish('decideJoin', { userId, approve });
            return button;
        };
        item.replaceChildren(
            avatar(userId),
            element('span', { class: 'name', dir: 'auto' }, note === '' ? userId : `${userId}: ${note}`),
            decide('Let in', true),
            decide('Decline', false));
    }

    #add() {
        const userIds = userIdsIn(byId('group-add').value);
        const wrong = userIds.find((userId) => userIdProblem(userId) !== null);
        if (userIds.length === 0 || wrong !== undefined) {
            this.#complain(wrong === undefined ? 'Please type a name.' : `${wrong}: ${userIdProblem(wrong)}`);
            return;
        }
        byId('group-add').value = '';
        this.#wish('addMembers', { userIds });
    }

    #update() {
        this.#wish('update', { name: byId('group-name').value.trim(), announcement: byId('group-announcement').value.trim() });
    }

    async #leave(wish, question) {
        if (confirm(question) && (await this.#wish(wish))) {
            this.#dialog.close();
        }
    }

    async #wish(wish, body) {
        const problem = await this.#commands.group(this.#conversation.id, wish, body);
        this.#complain(problem ?? '');
        this.#show();
        return problem === null;
    }

    #submit(e, act) {
        e.preventDefault();
        act();
    }

    #complain(problem) {
        setText(byId('group-problem'), problem);
    }
}
