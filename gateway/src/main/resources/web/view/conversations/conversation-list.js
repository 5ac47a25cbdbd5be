/** The list of conversations: name, time, newest message, draft or typing notice, and unread messages. */
import { text } from '../../texts/texts.js';
import { conversationAvatar } from '../components/avatar.js';
import { byId, element, KeyedChildren, setAttribute, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { Menu, onContextMenu } from '../components/menu.js';
import { tick, tickState } from '../components/tick.js';
import { typingText } from '../text/chat-subtitle.js';
import { noticeText, recalledText } from '../text/notice-text.js';
import { fullTime, shortTime } from '../text/times.js';
import { conversationItems } from './conversation-menu.js';

/** @typedef {import('../../protocol/account.js').Account} Account */
/** @typedef {import('../page/route.js').Route} Route */
/** @typedef {import('../../state/store.js').Store} Store */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

/** The list grows by so many rows when the user scrolls to its end, and shrinks to them at its top. */
const ROWS = 100;

export class ConversationList {
    /** @type {Store} */
    #store;
    /** @type {Route} */
    #route;
    /** @type {Account} */
    #account;
    #children;
    #menu = new Menu('conversation-menu');
    #list = byId('conversations');
    /** The largest number of rows that are shown. */
    #limit = ROWS;

    /**
     * @param {Store} store
     * @param {Route} route
     * @param {{chat: import('./new-chat-dialog.js').NewChatDialog, group: import('../group/new-group-dialog.js').NewGroupDialog}} dialogs
     * @param {Account} account
     */
    constructor(store, route, dialogs, account) {
        this.#store = store;
        this.#route = route;
        this.#account = account;
        this.#children = new KeyedChildren(
            this.#list,
            (row) => this.#create(row),
            (item, row) => this.#paint(item, row));
        byId('new-chat').replaceChildren(icon('compose'));
        byId('new-chat').onclick = () => dialogs.chat.show();
        byId('first-chat').onclick = () => dialogs.chat.show();
        byId('new-group').replaceChildren(icon('group'));
        byId('new-group').onclick = () => dialogs.group.show();
        this.#list.addEventListener('keydown', (e) => this.#moveFocus(e));
        this.#list.addEventListener('scroll', () => this.#scrolled(), { passive: true });
        store.subscribe(() => this.#show());
    }

    #scrolled() {
        const { scrollTop, clientHeight, scrollHeight } = this.#list;
        const before = this.#limit;
        if (scrollTop === 0) {
            this.#limit = ROWS;
        } else if (scrollHeight - scrollTop < 2 * clientHeight && this.#limit < this.#store.listed.length) {
            this.#limit += ROWS;
        }
        if (this.#limit !== before) {
            this.#show();
        }
    }

    #show() {
        const rows = this.#store.listed.slice(0, this.#limit).map((conversation) => this.#row(conversation));
        this.#children.show(rows);
        byId('no-conversations').hidden = rows.length > 0 || !this.#store.synced;
        this.#showTotal();
    }

    #showTotal() {
        const total = this.#store.totalUnread;
        byId('total-unread').hidden = total === 0;
        setText(byId('total-unread-count'), badgeText(total));
        setText(byId('total-unread-words'), text('list.unreadInTotal', { count: total }));
    }

    #row(/** @type {Conversation} */ conversation) {
        const { settings } = conversation;
        const typing = typingText(conversation);
        const open = conversation.id === this.#store.openId;
        const waiting = this.#store.outbox.of(conversation.id).at(-1);
        const last = waiting === undefined ? conversation.preview : { sender: this.#store.me, sentAt: waiting.at, text: waiting.text };
        const row = {
            key: conversation.id,
            conversation,
            open,
            name: conversation.name,
            picture: conversation.other === null ? '' : this.#store.people.avatarUrlOf(conversation.other),
            unread: conversation.readState.unread,
            mentions: conversation.readState.mentions,
            kind: /** @type {string | null} */ (null),
            lead: '',
            text: last === null ? this.#notice(conversation) : this.#preview(conversation, last),
            time: last === null ? '' : shortTime(last.sentAt),
            sentAt: last?.sentAt ?? 0,
            tick: last?.sender === this.#store.me ? tickState(conversation, waiting, last.seq) : null,
            pinned: settings.pinned,
            muted: settings.muted,
            online: this.#store.presences.of(conversation.other)?.online === true,
        };
        if (typing !== null) {
            Object.assign(row, { lead: '', text: typing, tick: null, kind: 'typing' });
        } else if (settings.draft.trim() !== '' && !open) {
            Object.assign(row, { lead: text('list.draft'), text: settings.draft.trim(), tick: null, kind: 'draft' });
        }
        return { ...row, look: JSON.stringify({ ...row, conversation: null }) };
    }

    /** The last line of a conversation without messages. */
    #notice(/** @type {Conversation} */ conversation) {
        if (conversation.invited) {
            return text('list.invites', { name: this.#store.people.nameOf(conversation.group?.invitedBy) });
        }
        const last = conversation.entries.at(-1);
        return last === undefined ? '' : noticeText(last.notice, this.#store.me, this.#store.people);
    }

    #preview(/** @type {Conversation} */ conversation, last) {
        const { me, people } = this.#store;
        if (typeof last.recalledBy === 'string') {
            return recalledText(last, me, people);
        }
        return last.sender === me || conversation.kind !== 'group' ? last.text : text('list.preview', { name: people.nameOf(last.sender), text: last.text });
    }

    #create({ key }) {
        const item = element('li', {},
            element('button', { type: 'button', class: 'conversation', 'data-testid': `conversation-${key}` },
                element('span', { class: 'avatar-place' }),
                element('span', { class: 'online-place' }),
                element('span', { class: 'line' },
                    element('span', { class: 'name', dir: 'auto' }),
                    element('span', { class: 'marks' }),
                    element('time', { class: 'when' })),
                element('span', { class: 'line' },
                    element('span', { class: 'tick-place' }),
                    element('span', { class: 'preview', dir: 'auto' }),
                    element('span', { class: 'badge-place' }))));
        item.firstChild.onclick = () => this.#open(key);
        onContextMenu(item.firstChild, (at) => this.#showMenu(at, key));
        return item;
    }

    #paint(item, row) {
        const { key, conversation, name, picture, open, unread, mentions, time, sentAt, muted, tick: state } = row;
        const part = (selector) => item.querySelector(selector);
        if (part('.name').textContent !== name || item.picture !== picture) {
            item.picture = picture;
            setText(part('.name'), name);
            part('.avatar-place').replaceChildren(conversationAvatar(conversation));
        }
        setAttribute(part('.conversation'), 'aria-current', open ? 'true' : null);
        setAttribute(part('.conversation'), 'data-muted', muted ? '' : null);
        setAttribute(part('.preview'), 'data-kind', row.kind);
        part('.preview').replaceChildren(...(row.lead === '' ? [] : [element('span', { class: 'lead' }, row.lead)]), row.text);
        part('.marks').replaceChildren(...marks(row));
        part('.online-place').replaceChildren(...(row.online ? [onlineDot()] : []));
        setText(part('.when'), time);
        setAttribute(part('.when'), 'title', sentAt > 0 ? fullTime(sentAt) : null);
        part('.tick-place').replaceChildren(...(state === null ? [] : [tick(state)]));
        part('.badge-place').replaceChildren(...(mentions === 0 ? [] : [mentionBadge(key)]), ...(unread === 0 ? [] : [badge(key, unread)]));
    }

    #showMenu(at, id) {
        const conversation = this.#store.conversation(id);
        this.#menu.show(at, conversationItems(conversation, (change) => this.#changeSettings(conversation, change)));
    }

    async #changeSettings(/** @type {Conversation} */ conversation, change) {
        if (change.hidden && conversation.id === this.#store.openId) {
            this.#route.close();
        }
        setText(byId('list-problem'), (await this.#account.changeSettings(conversation, change)) ?? '');
    }

    #open(id) {
        this.#route.open(id);
        // On a phone, the focus would open the keyboard, which hides the messages.
        if (matchMedia('(hover: hover)').matches) {
            byId('composer').focus();
        }
    }

    /** The arrow keys move the focus up and down. */
    #moveFocus(e) {
        const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[e.key];
        const next = step && document.activeElement?.closest('li')?.[step];
        if (next) {
            e.preventDefault();
            next.firstChild.focus();
        }
    }
}

function badge(conversationId, unread) {
    return element('span', { class: 'badge', 'data-testid': `unread-${conversationId}`, 'data-count': unread },
        element('span', { 'aria-hidden': 'true' }, badgeText(unread)),
        element('span', { class: 'hidden' }, `, ${text('list.unread', { count: unread })}`));
}

function mentionBadge(conversationId) {
    return element('span', { class: 'badge', 'data-testid': `mention-${conversationId}` },
        element('span', { 'aria-hidden': 'true' }, '@'),
        element('span', { class: 'hidden' }, `, ${text('list.mentioned')}`));
}

function badgeText(unread) {
    return unread > 99 ? '99+' : String(unread);
}

function marks({ key, pinned, muted }) {
    const mark = (name, label) => {
        const labels = { role: 'img', 'aria-label': label, title: label };
        return element('span', { class: 'mark', ...labels, 'data-testid': `${name}-${key}` }, icon(name));
    };
    return [...(muted ? [mark('muted', text('list.muted'))] : []), ...(pinned ? [mark('pin', text('list.pinned'))] : [])];
}

function onlineDot() {
    const label = text('subtitle.online');
    return element('span', { class: 'online', role: 'img', 'aria-label': label, title: label });
}
