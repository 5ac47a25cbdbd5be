/**
 * The profiles of users in the directory: names and avatars. A user without a profile has their id as name. Pure: the time comes in.
 *
 * A lookup notes the id, and `wanted` says which of the noted ones have to be read.
 */
import { isUserId } from './conversation-id.js';

/** A profile that is older is read again when it is shown. */
export const MAX_AGE_MILLIS = 10 * 60_000;
/** As in one query of the protocol. */
export const MAX_WANTED = 100;
/** The profiles that the page keeps; those read first leave first. */
export const MAX_KEPT = 5_000;

export class People {
    /** User id → {name, avatarUrl, disabled, at}; an empty name: the directory has none. */
    #profiles = new Map();
    /** The ids looked up since they were last taken. */
    #noted = /** @type {Set<string>} */ (new Set());

    /** The name to show for a user; empty for the empty id. */
    nameOf(userId) {
        return this.#lookUp(userId)?.name || userId;
    }

    /** The URL of the user's avatar; empty: none. */
    avatarUrlOf(userId) {
        return this.#lookUp(userId)?.avatarUrl ?? '';
    }

    /** Whether the operator has disabled the user. */
    isDisabled(userId) {
        return this.#lookUp(userId)?.disabled === true;
    }

    /**
     * Takes the ids that were shown and have to be read, at most 100; others stay for the next call.
     *
     * @param {number} now in milliseconds
     * @returns {string[]}
     */
    wanted(now) {
        const due = [...this.#noted].filter((userId) => this.#isDue(userId, now));
        this.#noted = new Set(due.slice(MAX_WANTED));
        return due.slice(0, MAX_WANTED);
    }

    /**
     * Takes the reply to a query.
     *
     * @param {string[]} queried the ids in the query
     * @param {import('./types.js').UserProfile[]} found
     * @param {boolean} complete whether the directory does not have the others
     * @param {number} now in milliseconds; an earlier time than that of the known profile changes nothing
     * @returns {boolean} whether a name, an avatar or a state has changed
     */
    apply(queried, found, complete, now) {
        const byId = new Map(found.map((profile) => [profile.userId, profile]));
        let changed = false;
        for (const userId of queried) {
            const { name, avatarUrl, disabled } = byId.get(userId) ?? { name: '', avatarUrl: '', disabled: false };
            const before = this.#profiles.get(userId) ?? { name: '', avatarUrl: '', disabled: false, at: -Infinity };
            // An answer that was on its way while the user changed their own name has the old one.
            if ((byId.has(userId) || complete) && before.at <= now) {
                changed ||= before.name !== name || before.avatarUrl !== avatarUrl || before.disabled !== disabled;
                this.#profiles.delete(userId);
                this.#profiles.set(userId, { name, avatarUrl, disabled, at: now });
            }
        }
        for (const userId of [...this.#profiles.keys()].slice(0, Math.max(0, this.#profiles.size - MAX_KEPT))) {
            this.#profiles.delete(userId);
        }
        return changed;
    }

    #lookUp(userId) {
        if (isUserId(userId)) {
            this.#noted.add(userId);
        }
        return this.#profiles.get(userId);
    }

    #isDue(userId, now) {
        const known = this.#profiles.get(userId);
        return known === undefined || now - known.at >= MAX_AGE_MILLIS;
    }
}
