/**
 * The text field of a chat: Enter sends, Shift+Enter starts a new line. The draft stays with its conversation, on all devices.
 * The text may be a reply to a message, or an edit of an own one.
 */
import { mentionsIn } from '../../state/mentions.js';
import { text } from '../../texts/texts.js';
import { byId, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { MentionPicker } from './mention-picker.js';

/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

/** The server's limit is 65,536 bytes, envelope included. */
const MAX_BYTES = 65_000;
const QUOTE_CHARACTERS = 160;

/**
 * @typedef {object} ComposerActions
 * @property {() => void} typed
 * @property {(text: string) => void} draft
 * @property {(draft: import('../../state/outbox.js').Draft) => void} send
 * @property {(seq: number, text: string, mentions: import('../../state/types.js').Mentions | null) => void} edit
 * @property {() => void} editLast
 */

export class Composer {
    /** @type {ComposerActions} */
    #on;
    #conversation = /** @type {any} */ (null);
    /** The message that the text refers to; null: none. */
    #target = /** @type {{kind: 'reply' | 'edit', message: any} | null} */ (null);
    #text = byId('composer');
    #button = byId('send');
    #picker = new MentionPicker(this.#text, () => this.#changed());

    /** @param {ComposerActions} on */
    constructor(on) {
        this.#on = on;
        this.#button.replaceChildren(icon('send'));
        byId('target-cancel').replaceChildren(icon('close'));
        byId('target-cancel').onclick = () => this.#cancel();
        // Keeps the focus in the text, and with it the keyboard of a phone.
        this.#button.addEventListener('pointerdown', (e) => e.preventDefault());
        byId('composer-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#send();
        });
        this.#text.addEventListener('input', () => {
            this.#changed();
            if (this.#text.value.trim() !== '') {
                on.typed();
            }
        });
        this.#text.addEventListener('keydown', (e) => this.#handleKey(e));
    }

    /** Shows the draft of another conversation. */
    switchTo(/** @type {Conversation} */ conversation) {
        this.#conversation = conversation;
        this.#picker.switchTo(conversation);
        this.#setTarget(null, this.#draft);
    }

    show({ name, settings }) {
        this.#text.placeholder = text('composer.placeholder', { name });
        // Another device may have changed the draft.
        if (this.#target?.kind !== 'edit' && this.#text.value !== settings.draft) {
            this.#text.value = settings.draft;
            this.#changed();
        }
    }

    /** The next text is a reply to this message. */
    reply(message) {
        this.#setTarget({ kind: 'reply', message }, this.#target?.kind === 'edit' ? this.#draft : this.#text.value);
        this.#text.focus();
    }

    /** The next text replaces this message. */
    edit(message) {
        this.#setTarget({ kind: 'edit', message }, message.text);
        this.#text.focus();
    }

    get #draft() {
        return this.#conversation.settings.draft;
    }

    #cancel() {
        this.#setTarget(null, this.#target?.kind === 'edit' ? this.#draft : this.#text.value);
        this.#text.focus();
    }

    #setTarget(target, content) {
        this.#target = target;
        this.#text.value = content;
        byId('target').hidden = target === null;
        if (target !== null) {
            const { kind, message } = target;
            setText(byId('target-title'), targetTitle(kind, message));
            setText(byId('target-text'), message.text);
        }
        this.#changed();
    }

    #handleKey(e) {
        if (this.#picker.handleKey(e)) {
            return;
        }
        // Enter also confirms a word in Chinese and Japanese input: then it does not send.
        if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) {
            e.preventDefault();
            this.#send();
        } else if (e.key === 'Escape' && this.#target !== null) {
            e.preventDefault();
            this.#cancel();
        } else if (e.key === 'ArrowUp' && this.#text.value === '' && this.#target === null) {
            e.preventDefault();
            this.#on.editLast();
        }
    }

    #send() {
        const content = this.#text.value.trim();
        if (content === '' || !this.#checkSize(content)) {
            return;
        }
        const target = this.#target;
        const mentions = mentionsIn(content, this.#conversation.group);
        if (target?.kind === 'edit') {
            this.#setTarget(null, this.#draft);
            if (content !== target.message.text) {
                this.#on.edit(target.message.seq, content, mentions);
            }
        } else {
            this.#setTarget(null, '');
            this.#on.send({ text: content, replyTo: target === null ? null : replyTo(target.message), mentions, forward: null });
        }
    }

    /** Shows a problem if the text is too long. Returns whether it is not. */
    #checkSize(content) {
        const bytes = new TextEncoder().encode(content).length;
        setText(byId('composer-problem'), bytes > MAX_BYTES ? text('composer.tooLong', { bytes, max: MAX_BYTES }) : '');
        return bytes <= MAX_BYTES;
    }

    #changed() {
        const content = this.#text.value;
        this.#button.disabled = content.trim() === '';
        this.#checkSize('');
        if (this.#target?.kind !== 'edit' && content !== this.#draft) {
            this.#on.draft(content);
        }
        this.#text.style.height = 'auto';
        this.#text.style.height = `${this.#text.scrollHeight}px`;
    }
}

function targetTitle(kind, { mine, senderName }) {
    if (kind === 'edit') {
        return text('composer.edit');
    }
    return mine ? text('composer.replyToYourself') : text('composer.reply', { name: senderName });
}

function replyTo({ seq, sender, text: quoted }) {
    return { seq, sender, quote: [...quoted].slice(0, QUOTE_CHARACTERS).join('') };
}
