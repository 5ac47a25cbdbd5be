/** The panel about a group: members, profile, join requests, and the commands of members, admins and the owner. */
import { userIdProblem } from '../../state/conversation-id.js';
import { text, textIfAny } from '../../texts/texts.js';
import { userAvatar } from '../components/avatar.js';
import { confirmed } from '../components/confirm-dialog.js';
import { closableDialog } from '../components/dialog.js';
import { byId, element, KeyedChildren, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { Menu } from '../components/menu.js';
import { PeoplePicker } from '../components/people-picker.js';
import { userIdsIn, wrongMember } from './new-group-dialog.js';

/** @typedef {import('../../protocol/commands.js').Commands} Commands */
/** @typedef {import('../../state/store.js').Store} Store */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

export class GroupPanel {
    /** @type {Store} */
    #store;
    /** @type {Commands} */
    #commands;
    #conversation = /** @type {any} */ (null);
    #dialog = closableDialog('group-panel', 'group-close');
    #menu = new Menu('member-menu', this.#dialog);
    #picker;
    #members;
    #requests;

    /**
     * @param {Store} store
     * @param {import('../../protocol/requests.js').Requests} requests
     * @param {Commands} commands
     */
    constructor(store, requests, commands) {
        this.#picker = new PeoplePicker(store, requests, 'group-add', 'group-add-people');
        this.#store = store;
        this.#commands = commands;
        this.#members = new KeyedChildren(byId('group-members'), () => element('li', { class: 'member' }), (item, row) => this.#paintMember(item, row));
        this.#requests = new KeyedChildren(byId('group-requests'), () => element('li', { class: 'member' }), (item, row) => this.#paintRequest(item, row));
        byId('group-close').replaceChildren(icon('close'));
        byId('group-add-form').addEventListener('submit', (e) => this.#submit(e, () => this.#add()));
        byId('group-profile-form').addEventListener('submit', (e) => this.#submit(e, () => this.#update()));
        byId('group-policy').onchange = () => this.#run('update', { joinPolicy: byId('group-policy').value });
        byId('group-mute').onchange = () => this.#run('muteAll', { muted: byId('group-mute').checked });
        byId('group-more').onclick = () => commands.describe(this.#conversation, this.#conversation.group.describedUpTo);
        byId('group-leave').onclick = () => this.#leave('leave', { title: text('leave.title'), explanation: text('leave.explanation'), confirm: text('leave.confirm') });
        byId('group-dissolve').onclick = () => this.#leave('dissolve', { title: text('dissolve.title'), explanation: text('dissolve.explanation'), confirm: text('dissolve.confirm') });
        store.subscribe(() => this.#dialog.open && this.#show());
    }

    show(/** @type {Conversation} */ conversation) {
        const { profile } = /** @type {import('../../state/group.js').Group} */ (conversation.group);
        this.#conversation = conversation;
        this.#showProblem('');
        byId('group-add').value = '';
        this.#picker.clear();
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
        setText(byId('group-count'), text('group.memberCount', { count: group.memberCount }));
        setText(byId('group-announcement-text'), profile.announcement);
        byId('group-announcement-text').hidden = isAdmin || profile.announcement === '';
        byId('group-profile-form').hidden = !isAdmin;
        byId('group-add-form').hidden = profile.joinPolicy === 'BY_APPROVAL' && !isAdmin;
        byId('group-policy').value = profile.joinPolicy;
        byId('group-mute').checked = group.allMuted;
        byId('group-settings').hidden = !isAdmin;
        byId('group-more').hidden = group.complete;
        byId('group-leave').hidden = !myRole || myRole === 'OWNER';
        byId('group-dissolve').hidden = myRole !== 'OWNER';
        this.#members.show(group.members.map(({ userId, role }) => ({ key: userId, userId, role, look: `${role} ${myRole} ${this.#looks(userId)}` })));
        const requests = isAdmin ? [...group.requests] : [];
        byId('group-requests-part').hidden = requests.length === 0;
        this.#requests.show(requests.map(([userId, note]) => ({ key: userId, userId, note, look: `${note} ${this.#looks(userId)}` })));
    }

    #looks(userId) {
        const { people } = this.#store;
        return `${people.nameOf(userId)} ${people.avatarUrlOf(userId)} ${people.isDisabled(userId)}`;
    }

    /** The name, and the id where it differs. */
    #nameOf(userId) {
        const { people } = this.#store;
        const name = people.nameOf(userId);
        const shown = name === userId ? userId : `${name} · ${userId}`;
        return people.isDisabled(userId) ? text('group.disabled', { name: shown }) : shown;
    }

    #paintMember(item, { userId, role }) {
        const items = this.#itemsFor(userId, role);
        const more = element('button', { type: 'button', class: 'icon', 'aria-label': text('group.moreAbout', { name: this.#store.people.nameOf(userId) }), 'aria-haspopup': 'menu', 'data-testid': `member-actions-${userId}` }, icon('more'));
        more.onclick = () => this.#menu.show(more, items);
        item.setAttribute('data-testid', `member-${userId}`);
        item.replaceChildren(
            userAvatar(this.#store.people, userId),
            element('span', { class: 'name', dir: 'auto' }, userId === this.#store.me ? text('group.you', { name: this.#nameOf(userId) }) : this.#nameOf(userId)),
            element('span', { class: 'role' }, role === 'MEMBER' ? '' : textIfAny(`group.${role}`) ?? ''),
            ...(items.length > 0 ? [more] : []));
    }

    #itemsFor(userId, role) {
        const { myRole, isAdmin } = this.#conversation.group;
        const item = (label, command, body, danger = false) => ({ label, testId: command, danger, act: () => this.#run(command, body) });
        const isOther = userId !== this.#store.me;
        const isOwner = myRole === 'OWNER' && isOther;
        return [
            ...(isOwner && role === 'MEMBER' ? [item(text('group.makeAdmin'), 'setRole', { userId, role: 'ADMIN' })] : []),
            ...(isOwner && role === 'ADMIN' ? [item(text('group.makeMember'), 'setRole', { userId, role: 'MEMBER' })] : []),
            ...(isOwner ? [item(text('group.transfer'), 'transferOwnership', { userId }, true)] : []),
            ...(isOwner || (isAdmin && role === 'MEMBER') ? [item(text('group.remove'), 'removeMembers', { userIds: [userId] }, true)] : []),
        ];
    }

    #paintRequest(item, { userId, note }) {
        const decide = (label, approve) => {
            const button = element('button', { type: 'button', class: 'link', 'data-testid': `${approve ? 'approve' : 'decline'}-${userId}` }, label);
            button.onclick = () => this.#run('decideJoin', { userId, approve });
            return button;
        };
        item.replaceChildren(
            userAvatar(this.#store.people, userId),
            element('span', { class: 'name', dir: 'auto' }, note === '' ? this.#nameOf(userId) : text('group.nameAndNote', { name: this.#nameOf(userId), note })),
            decide(text('action.approve'), true),
            decide(text('action.decline'), false));
    }

    #add() {
        const userIds = userIdsIn(byId('group-add').value);
        const wrong = userIds.find((userId) => userIdProblem(userId) !== null);
        if (userIds.length === 0 || wrong !== undefined) {
            this.#showProblem(wrong === undefined ? text('userId.empty') : wrongMember(wrong));
            return;
        }
        byId('group-add').value = '';
        this.#picker.clear();
        this.#run('addMembers', { userIds });
    }

    #update() {
        this.#run('update', { name: byId('group-name').value.trim(), announcement: byId('group-announcement').value.trim() });
    }

    async #leave(command, question) {
        if ((await confirmed(question)) && (await this.#run(command))) {
            this.#dialog.close();
        }
    }

    async #run(command, body) {
        const problem = await this.#commands.group(this.#conversation.id, command, body);
        this.#showProblem(problem ?? '');
        this.#show();
        return problem === null;
    }

    #submit(e, act) {
        e.preventDefault();
        act();
    }

    #showProblem(problem) {
        setText(byId('group-problem'), problem);
    }
}
