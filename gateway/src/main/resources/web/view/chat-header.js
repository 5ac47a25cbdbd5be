/** The line above a chat: who it is, and the way to what can be done about him or the group. */
import { avatar } from './avatar.js';
import { conversationItems } from './conversation-menu.js';
import { byId, setText } from './dom.js';
import { GroupPanel } from './group-panel.js';
import { icon } from './icons.js';
import { Menu } from './menu.js';

export class ChatHeader {
    #store;
    #route;
    #commands;
    #account;
    #panel;
    #menu = new Menu('chat-menu');
    #about = byId('chat-about');
    #more = byId('chat-more');
    #shown = '';
    /** Groups that were asked how they stand, on this connection. */
    #described = new Set();

    constructor(store, route, commands, account) {
        this.#store = store;
        this.#route = route;
        this.#commands = commands;
        this.#account = account;
        this.#panel = new GroupPanel(store, route, commands);
        this.#about.replaceChildren(icon('info'));
        this.#about.onclick = () => this.#panel.show(store.open);
        this.#more.replaceChildren(icon('more'));
        this.#more.onclick = () => this.#tell(store.open);
        byId('accept-friend').onclick = () => commands.friend(store.open, 'accept');
        byId('decline-friend').onclick = () => commands.friend(store.open, 'decline');
        byId('announcement').onclick = () => this.#panel.show(store.open);
        store.subscribe(() => store.synced || this.#described.clear());
    }

    show(conversation) {
        const { id, name, kind, group, relation } = conversation;
        const shown = `${id} ${name}`;
        if (shown !== this.#shown) {
            this.#shown = shown;
            byId('chat-avatar').replaceChildren(avatar(name, kind));
            setText(byId('chat-title'), name);
            byId('messages').setAttribute('aria-label', `Messages with ${name}`);
        }
        this.#about.hidden = !group?.myRole;
        byId('friend-request').hidden = (relation?.received ?? null) === null;
        setText(byId('friend-request-text'), `${name} wants to be friends${relation?.received ? `: ${relation.received}` : '.'}`);
        byId('announcement').hidden = !group?.profile.announcement || !group.myRole;
        setText(byId('announcement-text'), group?.profile.announcement ?? '');
        this.#describe(conversation);
    }

    /** Once per connection: from there on, events tell. */
    #describe(conversation) {
        if (conversation.group?.myRole && this.#store.synced && !this.#described.has(conversation.id)) {
            this.#described.add(conversation.id);
            this.#commands.describe(conversation);
        }
    }

    #tell(conversation) {
        const friendship = conversation.relation === null ? [] : this.#friendship(conversation);
        this.#menu.show(this.#more, [...conversationItems(conversation, (change) => this.#see(conversation, change)), ...friendship]);
    }

    #friendship(conversation) {
        const { friends, requested, received, blocked } = conversation.relation;
        const item = (label, wish, danger = false) => ({ label, testId: `friend-${wish}`, danger, act: () => this.#wish(conversation, wish) });
        return [
            ...(!friends && !requested && received === null ? [item('Ask to be friends', 'request')] : []),
            ...(received === null ? [] : [item('Accept friend request', 'accept'), item('Decline friend request', 'decline')]),
            ...(friends ? [item('End friendship', 'remove', true)] : []),
            blocked ? item('Unblock', 'unblock') : item('Block', 'block', true),
        ];
    }

    async #wish(conversation, wish) {
        this.#complain(await this.#commands.friend(conversation, wish));
    }

    async #see(conversation, change) {
        if (change.hidden) {
            this.#route.close();
        }
        this.#complain(await this.#account.see(conversation, change));
    }

    #complain(problem) {
        setText(byId('composer-problem'), problem ?? '');
    }
}
