/** Draws one row of a chat: a message, a notice, or a divider. */
import { listText, text } from '../../texts/texts.js';
import { hue } from '../components/avatar.js';
import { element, setAttribute } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { isFewEmoji, link, richText } from '../components/rich-text.js';
import { tick } from '../components/tick.js';
import { clockTime, fullTime } from '../text/times.js';

export class MessageRow {
    #on;

    /** `on`: {retry(entry), discard(entry), menu(anchor, row), goTo(seq), react(seq, reaction, remove)}. */
    constructor(on) {
        this.#on = on;
    }

    create(row) {
        switch (row.kind) {
            case 'message':
                return element('div', { class: 'message', 'data-testid': 'message', 'data-sender': row.sender, 'data-client-msg-id': row.clientMsgId });
            case 'unread':
                return element('div', { class: 'unread-line', role: 'separator', 'data-testid': 'unread-divider' }, element('span', {}, text('chat.unreadDivider')));
            case 'day':
                return element('div', { class: 'day', role: 'separator' });
            case 'notice':
                return element('p', { class: 'notice-line', dir: 'auto', 'data-testid': 'notice', 'data-seq': row.seq });
            default:
                return element('div', { class: 'top' });
        }
    }

    paint(target, row) {
        switch (row.kind) {
            case 'message':
                this.#message(target, row);
                break;
            case 'notice':
                target.replaceChildren(row.text);
                break;
            case 'day':
                target.replaceChildren(element('span', {}, row.text));
                break;
            case 'problem':
                target.replaceChildren(element('p', {}, row.text));
                break;
            case 'loading':
                target.replaceChildren(element('span', { class: 'spinner', role: 'img', 'aria-label': text('chat.loading') }));
                break;
            case 'beginning':
                target.replaceChildren(element('p', {}, beginning(row.conversation)));
                break;
        }
    }

    #message(target, row) {
        const marks = { mine: row.mine, first: row.first, last: row.last, recalled: row.recalled !== null, mentioned: row.mentionsMe };
        target.className = ['message', ...Object.keys(marks).filter((mark) => marks[mark])].join(' ');
        setAttribute(target, 'data-seq', row.seq > 0 ? row.seq : null);
        target.replaceChildren(
            element('span', { class: 'hidden' }, text('message.by', { name: row.mine ? text('message.you') : row.senderName })),
            element('div', { class: 'message-line' }, this.#bubble(row), ...(row.seq > 0 ? [this.#more(row)] : [])),
            ...(row.reactions.length > 0 ? [this.#reactions(row)] : []),
            ...(row.problem !== '' ? [this.#problem(row)] : []));
    }

    #bubble(row) {
        const bubble = element('div', { class: 'bubble', dir: 'auto' });
        if (row.named) {
            const name = element('span', { class: 'sender', dir: 'auto' }, row.senderName);
            name.style.setProperty('--hue', String(hue(row.sender)));
            bubble.append(name);
        }
        if (row.forwardedFrom !== null && row.recalled === null) {
            bubble.append(element('span', { class: 'forwarded', 'data-testid': 'forwarded' }, text('message.forwardedFrom', { name: row.forwardedFrom })));
        }
        if (row.quoted !== null) {
            bubble.append(this.#quote(row.quoted));
        }
        bubble.append(content(row), meta(row));
        if (row.seq > 0) {
            // A touch screen has no hover: a tap opens the menu.
            bubble.onclick = (e) => matchMedia('(hover: none)').matches && !e.target.closest('a, button') && this.#on.menu(bubble, row);
        }
        return bubble;
    }

    #quote({ seq, sender, senderName, text: quoted }) {
        const quote = element('button', { type: 'button', class: 'quote', 'data-testid': 'quote', title: text('message.goTo') },
            element('span', { class: 'sender', dir: 'auto' }, senderName),
            element('span', { class: 'quoted', dir: 'auto' }, quoted));
        quote.style.setProperty('--hue', String(hue(sender)));
        quote.onclick = () => this.#on.goTo(seq);
        return quote;
    }

    #more(row) {
        const attributes = { type: 'button', class: 'more', 'data-testid': 'message-actions', 'aria-haspopup': 'menu' };
        const more = element('button', { ...attributes, 'aria-label': text('message.more'), title: text('action.more') }, icon('more'));
        more.onclick = () => this.#on.menu(more, row);
        return more;
    }

    #reactions(row) {
        return element('div', { class: 'reactions' }, ...row.reactions.map(({ reaction, names, mine }) => {
            const attributes = { type: 'button', class: 'chip', 'data-testid': 'reaction', 'aria-pressed': String(mine) };
            const chip = element('button', { ...attributes, title: listText(names) },
                element('span', {}, reaction), element('span', { class: 'count' }, String(names.length)));
            chip.onclick = () => this.#on.react(row.seq, reaction, mine);
            return chip;
        }));
    }

    #problem({ entry, problem }) {
        const act = (label, testId, action) => {
            const button = element('button', { type: 'button', class: 'link', 'data-testid': testId }, label);
            button.onclick = () => action(entry);
            return button;
        };
        return element('p', { class: 'failure', 'data-testid': 'failure' },
            element('span', {}, problem),
            ...(entry?.retryable ? [act(text('action.retry'), 'retry', this.#on.retry)] : []),
            ...(entry ? [act(text('action.delete'), 'delete', this.#on.discard)] : []));
    }
}

function content(row) {
    if (row.recalled !== null) {
        return element('span', { class: 'text recalled-text', 'data-testid': 'message-text' }, row.recalled);
    }
    const shown = element('span', { class: isFewEmoji(row.text) ? 'text large' : 'text', 'data-testid': 'message-text' });
    shown.append(...(row.url === null ? richText(row.text, row.mentions, (userId) => row.mentionNames[userId] ?? userId) : [link(row.url, row.text)]));
    return shown;
}

function meta(row) {
    const time = element('time', { dir: 'ltr', datetime: new Date(row.sentAt).toISOString(), title: fullTime(row.sentAt) }, row.time);
    return element('span', { class: 'meta' },
        ...(row.expiresAt > 0 && row.recalled === null ? [expiry(row.expiresAt)] : []),
        ...(row.edited ? [element('span', { 'data-testid': 'edited' }, text('message.edited'))] : []),
        time,
        ...(row.state === null ? [] : [tick(row.state)]));
}

/** A clock with the time at which the message disappears. */
function expiry(expiresAt) {
    const label = text('message.disappearsAt', { time: clockTime(expiresAt) });
    return element('span', { class: 'expires', role: 'img', 'aria-label': label, title: text('message.disappearsOn', { time: fullTime(expiresAt) }), 'data-testid': 'expires' }, icon('clock'));
}

function beginning({ kind, name, group }) {
    if (group?.firstSeq > 1) {
        return text('chat.beforeJoining');
    }
    return text(kind === 'private' ? 'chat.beginningWith' : 'chat.beginning', { name });
}
