/** Draws one row of a chat. */
import { hue } from './avatar.js';
import { element, setAttribute } from './dom.js';
import { isFewEmoji, link, richText } from './rich-text.js';
import { tick } from './tick.js';
import { fullTime } from './times.js';

export class MessageRow {
    #onRetry;
    #onDiscard;

    /** Both are called with the outbox entry. */
    constructor(onRetry, onDiscard) {
        this.#onRetry = onRetry;
        this.#onDiscard = onDiscard;
    }

    create(row) {
        switch (row.kind) {
            case 'message':
                return element('div', { class: 'message', 'data-testid': 'message', 'data-sender': row.sender, 'data-client-msg-id': row.clientMsgId });
            case 'unread':
                return element('div', { class: 'unread-line', role: 'separator', 'data-testid': 'unread-divider' }, element('span', {}, 'Unread messages'));
            case 'day':
                return element('div', { class: 'day', role: 'separator' });
            default:
                return element('div', { class: 'top' });
        }
    }

    paint(target, row) {
        switch (row.kind) {
            case 'message':
                this.#message(target, row);
                break;
            case 'day':
                target.replaceChildren(element('span', {}, row.text));
                break;
            case 'problem':
                target.replaceChildren(element('p', {}, row.text));
                break;
            case 'loading':
                target.replaceChildren(element('span', { class: 'spinner', role: 'img', 'aria-label': 'Loading earlier messages' }));
                break;
            case 'beginning':
                target.replaceChildren(element('p', {}, beginning(row.conversation)));
                break;
        }
    }

    #message(target, row) {
        target.className = ['message', row.mine && 'mine', row.first && 'first', row.last && 'last'].filter(Boolean).join(' ');
        setAttribute(target, 'data-seq', row.seq > 0 ? row.seq : null);
        target.replaceChildren(
            element('span', { class: 'hidden' }, row.mine ? 'You: ' : `${row.sender}: `),
            this.#bubble(row),
            ...(row.state === 'failed' ? [this.#failure(row)] : []));
    }

    #bubble(row) {
        const text = element('span', { class: isFewEmoji(row.text) ? 'text large' : 'text', 'data-testid': 'message-text' });
        text.append(...(row.url === null ? richText(row.text) : [link(row.url, row.text)]));
        const meta = element('span', { class: 'meta' },
            element('time', { dir: 'ltr', datetime: new Date(row.sentAt).toISOString(), title: fullTime(row.sentAt) }, row.time));
        if (row.state !== null) {
            meta.append(tick(row.state));
        }
        const bubble = element('div', { class: 'bubble', dir: 'auto' });
        if (row.named) {
            const name = element('span', { class: 'sender' }, row.sender);
            name.style.setProperty('--hue', String(hue(row.sender)));
            bubble.append(name);
        }
        bubble.append(text, meta);
        return bubble;
    }

    #failure({ entry }) {
        const act = (label, action) => {
            const button = element('button', { type: 'button', class: 'link', 'data-testid': label.toLowerCase() }, label);
            button.onclick = () => action(entry);
            return button;
        };
        return element('p', { class: 'failure', 'data-testid': 'failure' },
            element('span', {}, entry.problem),
            ...(entry.retryable ? [act('Retry', this.#onRetry)] : []),
            act('Delete', this.#onDiscard));
    }
}

function beginning({ kind, name }) {
    return kind === 'private' ? `This is the beginning of your conversation with ${name}.` : `This is the beginning of ${name}.`;
}
