/**
 * How the user wants to see a conversation, on all devices: pinned above the others, muted, hidden until the next message,
 * and what has been begun to be written.
 *
 * By the version of the view; what is changed here holds at once, until a later view says otherwise.
 */
import { Latest } from './latest.js';

export class Settings {
    #told = new Latest({ pinned: false, muted: false, hidden: false, draft: '' });
    /** What is being written here and the server does not know yet; null: nothing. */
    typed = null;

    get pinned() {
        return this.#told.value.pinned;
    }

    get muted() {
        return this.#told.value.muted;
    }

    get hidden() {
        return this.#told.value.hidden;
    }

    /** What is written here counts before what another device wrote. */
    get draft() {
        return this.typed ?? this.toldDraft;
    }

    /** The draft as the server knows it. */
    get toldDraft() {
        return this.#told.value.draft;
    }

    applyView({ version, settings }) {
        this.#told.offer(version, settings);
    }

    /** `change`: those that are another now. Gives back what they were. */
    change(change) {
        const before = Object.keys(change).map((name) => [name, this.#told.value[name]]);
        this.#told.set({ ...this.#told.value, ...change });
        return Object.fromEntries(before);
    }
}
