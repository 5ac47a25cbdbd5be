/**
 * Where one writes: Enter sends, Shift+Enter begins a line; a text not sent yet stays with its conversation, on all devices.
 * It may answer a message, or put something else in the place of one's own.
 */
import { mentionsIn } from '../state/mentions.js';
import { byId, setText } from './dom.js';
import { icon } from './icons.js';
import { MentionPicker } from './mention-picker.js';

/** The server takes 65,536 bytes with the envelope. */
const MOST_BYTES = 65_000;
const QUOTE_CHARACTERS = 160;

export class Composer {
    #on;
    #conversation = null;
    /** {kind: 'answer' or 'change', message}, or null: something new. */
    #about = null;
    #text = byId('composer');
    #button = byId('send');
    #picker = new MentionPicker(this.#text, () => this.#changed());

    /** `on`: {typed(), begun(text), send(draft), change(seq, text, mentions), changeLast()}; what is sent as in Outbox. */
    constructor(on) {
        this.#on = on;
        this.#button.replaceChildren(icon('send'));
        byId('about-cancel').replaceChildren(icon('close'));
        byId('about-cancel').onclick = () => this.#leave();
        // Keeps the focus, and with it a phone's keyboard, in the text.
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
        this.#text.addEventListener('keydown', (e) => this.#key(e));
    }

    /** Shows what was begun for this conversation. */
    turnTo(conversation) {
        this.#conversation = conversation;
        this.#picker.turnTo(conversation);
        this.#be(null, this.#draft);
    }

    show({ name, settings }) {
        this.#text.placeholder = `Message ${name}`;
        // Another device may have gone on with it.
        if (this.#about?.kind !== 'change' && this.#text.value !== settings.draft) {
            this.#text.value = settings.draft;
            this.#changed();
        }
    }

    /** What is sent next answers this message. */
    answer(message) {
        this.#be({ kind: 'answer', message }, this.#about?.kind === 'change' ? this.#draft : this.#text.value);
        this.#text.focus();
    }

    /** What is sent next takes the place of this message. */
    change(message) {
        this.#be({ kind: 'change', message }, message.text);
        this.#text.focus();
    }

    get #draft() {
        return this.#conversation.settings.draft;
    }

    #leave() {
        this.#be(null, this.#about?.kind === 'change' ? this.#draft : this.#text.value);
        this.#text.focus();
    }

    #be(about, text) {
        this.#about = about;
        this.#text.value = text;
        byId('about').hidden = about === null;
        if (about !== null) {
            const { kind, message } = about;
            setText(byId('about-what'), kind === 'change' ? 'Edit your message' : `Reply to ${message.mine ? 'yourself' : message.sender || 'the operator'}`);
            setText(byId('about-text'), message.text);
        }
        this.#changed();
    }

    #key(e) {
        if (this.#picker.key(e)) {
            return;
        }
        // Enter also ends the choice of a Chinese or Japanese word; then it is not ours.
        if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) {
            e.preventDefault();
            this.#send();
        } else if (e.key === 'Escape' && this.#about !== null) {
            e.preventDefault();
            this.#leave();
        } else if (e.key === 'ArrowUp' && this.#text.value === '' && this.#about === null) {
            e.preventDefault();
            this.#on.changeLast();
        }
    }

    #send() {
        const text = this.#text.value.trim();
        if (text === '' || !this.#fits(text)) {
            return;
        }
        const about = this.#about;
        const mentions = mentionsIn(text, this.#conversation.group);
        if (about?.kind === 'change') {
            this.#be(null, this.#draft);
            if (text !== about.message.text) {
                this.#on.change(about.message.seq, text, mentions);
            }
        } else {
            this.#be(null, '');
            this.#on.send({ text, replyTo: about === null ? null : replyTo(about.message), mentions, forward: null });
        }
    }

    #fits(text) {
        const bytes = new TextEncoder().encode(text).length;
        setText(byId('composer-problem'), bytes > MOST_BYTES ? 'This message is too long. Please send it in parts.' : '');
        return bytes <= MOST_BYTES;
    }

    #changed() {
        const text = this.#text.value;
        this.#button.disabled = text.trim() === '';
        this.#fits('');
        if (this.#about?.kind !== 'change' && text !== this.#draft) {
            this.#on.begun(text);
        }
        this.#text.style.height = 'auto';
        this.#text.style.height = `${this.#text.scrollHeight}px`;
    }
}

function replyTo({ seq, sender, text }) {
    return { seq, sender, quote: [...text].slice(0, QUOTE_CHARACTERS).join('') };
}
