/**
 * Who sits at this tab: user id, token and device id.
 *
 * Keeps them in the tab's own storage, so that a reload signs in by itself and two tabs are two devices.
 */
import { isUserId } from './state/conversation-id.js';

const USER = 'tidings.user';
const TOKEN = 'tidings.token';
const DEVICE = 'tidings.device';

/** The server gives out no tokens by name: one has to be pasted. */
export class TokenNeeded extends Error {}

/** Nothing will help but signing in again; the message is for people. */
export class SignInNeeded extends Error {}

export class Identity {
    #storage;
    #token = null;

    constructor(storage) {
        this.#storage = storage;
        this.userId = storage.getItem(USER);
        this.deviceId = storage.getItem(DEVICE) ?? `web-${randomId()}`;
        this.#holdDeviceIdAlone();
    }

    /** Whether a reload may sign in without asking. */
    get known() {
        return this.userId !== null;
    }

    /** Signs in by name. Throws TokenNeeded, or an Error whose message is for people. */
    async signInByName(name) {
        this.#token = await requestToken(name);
        this.#remember(name);
    }

    /** Signs in by a pasted JWT. Throws an Error whose message is for people. */
    signInByToken(token) {
        const name = subjectOf(token);
        if (name === null) {
            throw new Error('That does not look like an access token.');
        }
        this.#token = token;
        this.#remember(name);
        this.#storage.setItem(TOKEN, token);
    }

    /**
     * The token to connect with. `fresh` where the last one was turned down.
     * Throws SignInNeeded where only the user can help; any other error may pass with time.
     */
    async token(fresh) {
        const pasted = this.#storage.getItem(TOKEN);
        if (pasted !== null) {
            if (fresh) {
                throw new SignInNeeded('Your access token is no longer accepted. Please paste a new one.');
            }
            return pasted;
        }
        if (this.#token === null || fresh) {
            try {
                this.#token = await requestToken(this.userId);
            } catch (e) {
                throw e instanceof TokenNeeded ? new SignInNeeded('Please sign in again.') : e;
            }
        }
        return this.#token;
    }

    /** Forgets everything of this tab, messages that wait to be sent included. */
    forget() {
        this.userId = null;
        this.#token = null;
        this.#storage.clear();
    }

    /** This device is not to come in again by itself. */
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
     * A duplicated tab starts with a copy of this tab's storage, and must not take the device id with it. So the id is
     * in the storage only while the page is away.
     */
    #holdDeviceIdAlone() {
        const take = () => this.#storage.removeItem(DEVICE);
        take();
        addEventListener('pageshow', take);
        addEventListener('pagehide', () => this.#storage.setItem(DEVICE, this.deviceId));
    }
}

/** Random, and available on plain http as well (crypto.randomUUID is not). */
export function randomId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
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
        throw new Error('Tidings cannot be reached right now. Please try again.');
    }
    if (response.status === 404) {
        throw new TokenNeeded();
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok || typeof answer.token !== 'string') {
        throw new Error(answer.detail ?? answer.title ?? 'Tidings did not let you in. Please try again.');
    }
    return answer.token;
}

/** The `sub` of a JWT, unverified: only to know whose messages are one's own before the server says so. */
function subjectOf(token) {
    try {
        const claims = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
        return isUserId(claims.sub ?? '') ? claims.sub : null;
    } catch {
        return null;
    }
}
