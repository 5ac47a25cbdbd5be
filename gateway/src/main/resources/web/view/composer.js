/** Where one writes: Enter sends, Shift+Enter begins a line; a text not sent yet stays with its conversation. */
import { byId, setText } from './dom.js';
import { icon } from './icons.js';

const DRAFT = 'tidings.draft.';
/** The server takes 65,536 bytes with the envelope. */
const MOST_BYTES = 65_000;

export class Composer {
    #onSend;
    #conversationId = null;
    #text = byId('composer');
    #button = byId('send');

    /** `onSend(text)`. */
    constructor(onSend) {
        this.#onSend = onSend;
        this.#button.replaceChildren(icon('send'));
        // Keeps the focus, and with it a phone's keyboard, in the text.
        this.#button.addEventListener('pointerdown', (e) => e.preventDefault());
        byId('composer-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#send();
        });
        this.#text.addEventListener('input', () => this.#changed());
        this.#text.addEventListener('keydown', (e) => this.#key(e));
    }

    /** Shows what was begun for this conversation. */
    turnTo(conversation) {
        this.#conversationId = conversation.id;
        this.#text.value = sessionStorage.getItem(DRAFT + conversation.id) ?? '';
        this.#text.placeholder = `Message ${conversation.name}`;
        this.#changed();
    }

    #key(e) {
        // Enter also ends the choice of a Chinese or Japanese word; then it is not ours.
        if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) {
            e.preventDefault();
            this.#send();
        }
    }

    #send() {
        const text = this.#text.value.trim();
        if (text !== '' && this.#fits(text)) {
            this.#text.value = '';
            this.#changed();
            this.#onSend(text);
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
        text === '' ? sessionStorage.removeItem(DRAFT + this.#conversationId) : sessionStorage.setItem(DRAFT + this.#conversationId, text);
        this.#text.style.height = 'auto';
        this.#text.style.height = `${this.#text.scrollHeight}px`;
    }
}
