/**
 * The settings of this browser: the language, the theme, notifications and the sound. All tabs share them, and they stay after the user
 * signs out.
 */
const KEY = 'tidings.preferences';

/**
 * @typedef {object} PreferenceValues
 * @property {string} language one of LANGUAGES; empty: as in the browser
 * @property {string} theme light or dark; empty: as in the system
 * @property {boolean} notifications
 * @property {boolean} sound
 */
/** @type {PreferenceValues} */
const DEFAULTS = { language: '', theme: '', notifications: false, sound: false };

export class Preferences {
    /** @type {Pick<Storage, 'getItem' | 'setItem'>} */
    #storage;

    /** @param {Pick<Storage, 'getItem' | 'setItem'>} storage of this browser */
    constructor(storage) {
        this.#storage = storage;
    }

    /**
     * The values now; another tab may have changed them.
     *
     * @returns {PreferenceValues}
     */
    get values() {
        try {
            return { ...DEFAULTS, ...JSON.parse(this.#storage.getItem(KEY) ?? '{}') };
        } catch {
            // Storage that the browser blocks, or that something else has written.
            return DEFAULTS;
        }
    }

    /** @param {Partial<PreferenceValues>} change */
    change(change) {
        this.#storage.setItem(KEY, JSON.stringify({ ...this.values, ...change }));
    }
}
