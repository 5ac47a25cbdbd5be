/**
 * The identity of this tab: user id, token and device id.
 *
 * The tab's own storage keeps them, so a reload signs in by itself, and two tabs are two devices.
 */
import { randomId } from './random-id.js';
import { isUserId } from './state/conversation-id.js';
import { text } from './texts/texts.js';

const USER = 'tidings.user';
const TOKEN = 'tidings.token';
const DEVICE = 'tidings.device';
/** The user id of a pasted token until the gateway names the user. */
const UNKNOWN = 'unknown';

/** The server issues no tokens by name: the user has to paste one. */
export class TokenNeeded extends Error {}

/** The user has to sign in again. The message is a sentence for the user. */
export class SignInNeeded extends Error {}

export class Identity {
    /** @type {Storage} */
    #storage;
    #token = /** @type {string | null} */ (null);

    /** @param {Storage} storage of this tab */
    constructor(storage) {
        this.#storage = storage;
        this.userId = storage.getItem(USER);
        this.deviceId = storage.getItem(DEVICE) ?? `web-${randomId()}`;
        this.#keepDeviceIdUnique();
    }

    /** Whether the tab is signed in. */
    get known() {
        return this.userId !== null;
    }

    /** Signs in by name. Throws TokenNeeded, or an Error whose message is a sentence for the user. */
    async signInByName(name) {
        this.#token = await requestToken(name);
        this.#remember(name);
    }

    /**
     * Signs in with a pasted JWT. Throws an Error whose message is a sentence for the user. The user id is a guess until the
     * gateway names it: see `confirm`.
     */
    signInByToken(token) {
        const name = subjectOf(token);
        if (name === null) {
            throw new Error(text('signIn.notAToken'));
        }
        this.#token = token;
        this.#remember(name);
        this.#storage.setItem(TOKEN, token);
    }

    /**
     * The token to connect with. `fresh`: the server has rejected the last one.
     * Throws SignInNeeded if the user has to sign in again; after any other error the page may try again.
     */
    async token(fresh) {
        const pasted = this.#storage.getItem(TOKEN);
        if (pasted !== null) {
            if (fresh) {
                throw new SignInNeeded(text('signIn.tokenExpired'));
            }
            return pasted;
        }
        if (this.#token === null || fresh) {
            try {
                this.#token = await requestToken(this.userId);
            } catch (e) {
                throw e instanceof TokenNeeded ? new SignInNeeded(text('signIn.again')) : e;
            }
        }
        return this.#token;
    }

    /**
     * Takes over the user id that the gateway has read from a pasted token: only the gateway knows which claim has it, and how it
     * is encoded. Returns whether it is another one than before; the page must then start again.
     */
    confirm(userId) {
        if (this.#storage.getItem(TOKEN) === null || userId === this.userId) {
            return false;
        }
        this.#remember(userId);
        return true;
    }

    /** Clears the tab's storage, unsent messages included. */
    forget() {
        this.userId = null;
        this.#token = null;
        this.#storage.clear();
    }

    /** The device was revoked: a reload shows the sign-in screen. */
    signedOut() {
        this.#token = null;
        this.#storage.removeItem(USER);
        this.#storage.removeItem(TOKEN);
    }

    #remember(name) {
        this.userId = name;
        this.#storage.setItem(USER, name);
    }

    /**
     * Keeps the device id in the storage only while the page is unloaded: a duplicated tab starts with a copy of the storage,
     * and must not get the same device id.
     */
    #keepDeviceIdUnique() {
        const take = () => this.#storage.removeItem(DEVICE);
        take();
        addEventListener('pageshow', take);
        addEventListener('pagehide', () => this.#storage.setItem(DEVICE, this.deviceId));
    }
}

async function requestToken(name) {
    let response;
    try {
        response = await fetch('/v1/dev/token', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ userId: name }),
        });
    } catch {
        throw new Error(text('signIn.unreachable'));
    }
    if (response.status === 404) {
        throw new TokenNeeded();
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok || typeof answer.token !== 'string') {
        throw new Error(text('signIn.refused'));
    }
    return answer.token;
}

/** The `sub` of a JWT, unverified, or UNKNOWN if that is no user id. Null if the text is not a JWT. */
function subjectOf(token) {
    try {
        const claims = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
        return isUserId(claims.sub ?? '') ? claims.sub : UNKNOWN;
    } catch {
        return null;
    }
}
