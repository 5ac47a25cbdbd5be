/** The line above a chat: who it is, and the way to what can be done about him or the group. */
import { avatar } from './avatar.js';
import { byId, setText } from './dom.js';
import { GroupPanel } from './group-panel.js';
import { icon } from './icons.js';
import { Menu } from './menu.js';

export class ChatHeader {
    #store;
    #commands;
    #panel;
    #menu = new Menu('chat-menu');
    #about = byId('chat-about');
    #shown = '';
    /** Groups that were asked how they stand, on this connection. */
    #described = new Set();

    constructor(store, route, commands) {
        this.#store = store;
        this.#commands = commands;
        this.#panel = new GroupPanel(store, route, commands);
        this.#about.onclick = () => this.#tell(store.open);
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
            this.#about.replaceChildren(icon(group === null ? 'more' : 'info'));
            this.#about.setAttribute('aria-label', group === null ? 'More' : 'About this group');
        }
        this.#about.hidden = group === null ? relation === null : !group.myRole;
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
        if (conversation.group !== null) {
            this.#panel.show(conversation);
            return;
        }
        const { friends, requested, received, blocked } = conversation.relation;
        const item = (label, wish, danger = false) => ({ label, testId: `friend-${wish}`, danger, act: () => this.#wish(conversation, wish) });
        this.#menu.show(this.#about, [
            ...(!friends && !requested && received === null ? [item('Ask to be friends', 'request')] : []),
            ...(received === null ? [] : [item('Accept friend request', 'accept'), item('Decline friend request', 'decline')]),
            ...(friends ? [item('End friendship', 'remove', true)] : []),
            blocked ? item('Unblock', 'unblock') : item('Block', 'block', true),
        ]);
    }

    async #wish(conversation, wish) {
        setText(byId('composer-problem'), (await this.#commands.friend(conversation, wish)) ?? '');
    }
}
