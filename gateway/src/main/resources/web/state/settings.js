/**
 * The user's settings of a conversation, the same on all their devices: pinned above the others, muted, hidden until the next
 * message, and the draft.
 *
 * The view with the greatest version wins; a change made on this page holds at once, until a later view replaces it.
 */
import { Latest } from './latest.js';

/** @typedef {import('./types.js').SettingValues} SettingValues */

export class Settings {
    #values = new Latest(/** @type {SettingValues} */ ({ pinned: false, muted: false, hidden: false, draft: '' }));
    /**
     * The draft of this page that the server does not have yet; null: none.
     *
     * @type {string | null}
     */
    localDraft = null;

    get pinned() {
        return this.#values.value.pinned;
    }

    get muted() {
        return this.#values.value.muted;
    }

    get hidden() {
        return this.#values.value.hidden;
    }

    /** The draft of this page goes before that of another device. */
    get draft() {
        return this.localDraft ?? this.serverDraft;
    }

    /** The draft that the server has. */
    get serverDraft() {
        return this.#values.value.draft;
    }

    /** @param {Pick<import('./types.js').View, 'version' | 'settings'>} view */
    applyView({ version, settings }) {
        this.#values.offer(version, settings);
    }

    /**
     * Changes the named settings. Returns their values before.
     *
     * @param {Partial<SettingValues>} change
     */
    change(change) {
        const before = Object.keys(change).map((name) => [name, this.#values.value[name]]);
        this.#values.set({ ...this.#values.value, ...change });
        return Object.fromEntries(before);
    }
}
