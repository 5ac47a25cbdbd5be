/** The list of conversations: who, when, the last word, how much of it is unread. */
import { avatar } from './avatar.js';
import { byId, element, KeyedChildren, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';
import { noticeWords, recalledWords } from './notice-words.js';
import { tick, tickState } from './tick.js';
import { fullTime, shortTime } from './times.js';

export class ConversationList {
    #store;
    #route;
    #children;
    #list = byId('conversations');

    /** `dialogs`: {chat, group}, for new ones. */
    constructor(store, route, dialogs) {
        this.#store = store;
        this.#route = route;
        this.#children = new KeyedChildren(
            this.#list,
            (row) => this.#create(row),
            (item, row) => this.#paint(item, row));
        byId('new-chat').replaceChildren(icon('compose'));
        byId('new-chat').onclick = () => dialogs.chat.show();
        byId('first-chat').onclick = () => dialogs.chat.show();
        byId('new-group').replaceChildren(icon('group'));
        byId('new-group').onclick = () => dialogs.group.show();
        this.#list.addEventListener('keydown', (e) => this.#walk(e));
        store.subscribe(() => this.#show());
    }

    #show() {
        const rows = this.#store.listed.map((conversation) => this.#row(conversation));
        this.#children.show(rows);
        byId('no-conversations').hidden = rows.length > 0 || !this.#store.synced;
    }

    #row(conversation) {
        const waiting = this.#store.outbox.of(conversation.id).at(-1);
        const last = waiting === undefined ? conversation.preview : { sender: this.#store.me, sentAt: waiting.at, text: waiting.text };
        const row = {
            key: conversation.id,
            conversation,
            open: conversation.id === this.#store.openId,
            name: conversation.name,
            unread: conversation.reading.unread,
            muted: conversation.muted,
            mentions: conversation.reading.mentions,
            text: last === null ? this.#notice(conversation) : this.#preview(conversation, last),
            time: last === null ? '' : shortTime(last.sentAt),
            sentAt: last?.sentAt ?? 0,
            tick: last?.sender === this.#store.me ? tickState(conversation, waiting, last.seq) : null,
        };
        return { ...row, look: JSON.stringify([row.name, row.open, row.unread, row.muted, row.mentions, row.text, row.time, row.tick]) };
    }

    /** Of a conversation in which nobody has said anything yet. */
    #notice(conversation) {
        const last = conversation.entries.at(-1);
        return last === undefined ? '' : noticeWords(last.notice, this.#store.me);
    }

    #preview(conversation, last) {
        const { me } = this.#store;
        if (typeof last.recalledBy === 'string') {
            return recalledWords(last, me);
        }
        return last.sender === me || conversation.kind !== 'group' ? last.text : `${last.sender}: ${last.text}`;
    }

    #create({ key }) {
        const item = element('li', {},
            element('button', { type: 'button', class: 'conversation', 'data-testid': `conversation-${key}` },
                element('span', { class: 'avatar-place' }),
                element('span', { class: 'line' },
                    element('span', { class: 'name', dir: 'auto' }),
                    element('time', { class: 'when' })),
                element('span', { class: 'line' },
                    element('span', { class: 'tick-place' }),
                    element('span', { class: 'preview', dir: 'auto' }),
                    element('span', { class: 'badge-place' }))));
        item.firstChild.onclick = () => this.#open(key);
        return item;
    }

    #paint(item, { key, conversation, name, open, unread, muted, mentions, text, time, sentAt, tick: state }) {
        const part = (selector) => item.querySelector(selector);
        if (part('.name').textContent !== name) {
            setText(part('.name'), name);
            part('.avatar-place').replaceChildren(avatar(name, conversation.kind));
        }
        setAttribute(part('.conversation'), 'aria-current', open ? 'true' : null);
        setText(part('.preview'), text);
        setText(part('.when'), time);
        setAttribute(part('.when'), 'title', sentAt > 0 ? fullTime(sentAt) : null);
        part('.tick-place').replaceChildren(...(state === null ? [] : [tick(state)]));
        part('.badge-place').replaceChildren(...(mentions === 0 ? [] : [mentionBadge(key)]), ...(unread === 0 ? [] : [badge(key, unread, muted)]));
    }

    #open(id) {
        this.#route.open(id);
        // With a mouse one wants to type; on a phone the keyboard would hide what there is to read.
        if (matchMedia('(hover: hover)').matches) {
            byId('composer').focus();
        }
    }

    /** Up and down, as in any list. */
    #walk(e) {
        const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[e.key];
        const next = step && document.activeElement.closest('li')?.[step];
        if (next) {
            e.preventDefault();
            next.firstChild.focus();
        }
    }
}

function badge(conversationId, unread, muted) {
    const shown = unread > 99 ? '99+' : String(unread);
    const label = unread === 1 ? '1 unread message' : `${unread} unread messages`;
    return element('span', { class: muted ? 'badge muted' : 'badge', 'data-testid': `unread-${conversationId}`, 'data-count': unread },
        element('span', { 'aria-hidden': 'true' }, shown),
        element('span', { class: 'hidden' }, `, ${label}`));
}

function mentionBadge(conversationId) {
    return element('span', { class: 'badge', 'data-testid': `mention-${conversationId}` },
        element('span', { 'aria-hidden': 'true' }, '@'),
        element('span', { class: 'hidden' }, ', you were mentioned'));
}
