/** The line above a chat: name and subtitle, the announcement, friend requests, and the menus of the conversation. */
import { text } from '../../texts/texts.js';
import { conversationAvatar } from '../components/avatar.js';
import { byId, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { Menu } from '../components/menu.js';
import { conversationItems } from '../conversations/conversation-menu.js';
import { GroupPanel } from '../group/group-panel.js';
import { PinnedMessages } from './pinned-messages.js';

/** @typedef {import('../../protocol/account.js').Account} Account */
/** @typedef {import('../../protocol/commands.js').Commands} Commands */
/** @typedef {import('../page/route.js').Route} Route */
/** @typedef {import('../../state/store.js').Store} Store */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

export class ChatHeader {
    /** @type {Store} */
    #store;
    /** @type {Route} */
    #route;
    /** @type {Commands} */
    #commands;
    /** @type {Account} */
    #account;
    #panel;
    #pins;
    #menu = new Menu('chat-menu');
    #about = byId('chat-about');
    #more = byId('chat-more');
    #shown = '';
    /** Groups that the page has described on this connection. */
    #described = new Set();

    /**
     * @param {Store} store
     * @param {Route} route
     * @param {import('../../protocol/requests.js').Requests} requests
     * @param {Commands} commands
     * @param {Account} account
     * @param {(seq: number) => void} goTo scrolls to a message of the open conversation
     */
    constructor(store, route, requests, commands, account, goTo) {
        this.#store = store;
        this.#route = route;
        this.#commands = commands;
        this.#account = account;
        this.#panel = new GroupPanel(store, requests, commands);
        this.#pins = new PinnedMessages(store, commands, goTo);
        this.#about.replaceChildren(icon('info'));
        // The header is visible only while a conversation is open.
        const open = () => /** @type {Conversation} */ (store.open);
        this.#about.onclick = () => this.#panel.show(open());
        this.#more.replaceChildren(icon('more'));
        this.#more.onclick = () => this.#showMenu(open());
        byId('accept-friend').onclick = () => commands.friend(open(), 'accept');
        byId('decline-friend').onclick = () => commands.friend(open(), 'decline');
        byId('announcement').onclick = () => this.#panel.show(open());
        store.subscribe(() => store.synced || this.#described.clear());
    }

    show(/** @type {Conversation} */ conversation) {
        const { id, name, other, group, relation } = conversation;
        const shown = [id, name, other === null ? '' : this.#store.people.avatarUrlOf(other)].join(' ');
        if (shown !== this.#shown) {
            this.#shown = shown;
            byId('chat-avatar').replaceChildren(conversationAvatar(conversation));
            setText(byId('chat-title'), name);
            byId('messages').setAttribute('aria-label', text('chat.messages', { name }));
        }
        this.#about.hidden = !group?.myRole;
        byId('friend-request').hidden = (relation?.received ?? null) === null;
        setText(byId('friend-request-text'), relation?.received ? text('chat.wantsToBeFriendsNote', { name, note: relation.received }) : text('chat.wantsToBeFriends', { name }));
        byId('announcement').hidden = !group?.profile.announcement || !group.myRole;
        setText(byId('announcement-text'), group?.profile.announcement ?? '');
        this.#pins.show(conversation);
        this.#describe(conversation);
    }

    /** Loads the members once per connection; later changes arrive as events. */
    #describe(/** @type {Conversation} */ conversation) {
        const { id, group, lastSeq } = conversation;
        if (group === null || !this.#store.synced || this.#described.has(id)) {
            return;
        }
        if (group.myRole) {
            this.#described.add(id);
            this.#commands.describe(conversation);
        } else if (lastSeq === 0) {
            this.#described.add(id);
            this.#closeUnknown(id);
        }
    }

    /** Closes a group that does not exist, and shows the problem. */
    async #closeUnknown(id) {
        const problem = await this.#commands.findGroup(id);
        if (problem !== null && this.#store.connection.name === 'connected' && this.#store.openId === id) {
            this.#route.close();
            this.#store.forget(id);
            setText(byId('list-problem'), problem);
        }
    }

    #showMenu(/** @type {Conversation} */ conversation) {
        const friendship = conversation.relation === null ? [] : this.#friendshipItems(conversation);
        this.#menu.show(this.#more, [...conversationItems(conversation, (change) => this.#changeSettings(conversation, change)), ...friendship]);
    }

    #friendshipItems(/** @type {Conversation} */ conversation) {
        const { friends, requested, received, blocked } = /** @type {import('../../state/relation.js').Relation} */ (conversation.relation);
        const item = (label, command, danger = false) => ({ label, testId: `friend-${command}`, danger, act: () => this.#run(conversation, command) });
        return [
            ...(!friends && !requested && received === null ? [item(text('friend.request'), 'request')] : []),
            ...(received === null ? [] : [item(text('friend.accept'), 'accept'), item(text('friend.decline'), 'decline')]),
            ...(friends ? [item(text('friend.remove'), 'remove', true)] : []),
            blocked ? item(text('friend.unblock'), 'unblock') : item(text('friend.block'), 'block', true),
        ];
    }

    async #run(/** @type {Conversation} */ conversation, command) {
        this.#showProblem(await this.#commands.friend(conversation, command));
    }

    async #changeSettings(/** @type {Conversation} */ conversation, change) {
        if (change.hidden) {
            this.#route.close();
        }
        this.#showProblem(await this.#account.changeSettings(conversation, change));
    }

    #showProblem(problem) {
        setText(byId('composer-problem'), problem ?? '');
    }
}
