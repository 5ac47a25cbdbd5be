/** Who is signed in and how the connection is: a calm line under the name, with a way out where one is needed. */
import { avatar } from './avatar.js';
import { chatWords } from './chat-words.js';
import { byId, setAttribute, setText } from './dom.js';

/** Why the server ended this session for good. */
const ENDINGS = {
    REPLACED: { short: 'Open in another window', long: 'This chat was opened in another window.' },
    OTHER_DEVICE_CONNECTED: {
        short: 'In use elsewhere',
        long: 'You have connected on another device, and only one may be connected at a time.',
    },
    DEVICE_REVOKED: { short: 'Signed out', long: 'This device was signed out from another one of yours.' },
    BANNED: { short: 'Banned', long: 'The operator has banned this account, device or network address.' },
};
const OTHER_ENDING = { short: 'Not connected', long: 'Tidings has ended this connection.' };

export class ConnectionLine {
    #store;
    #line = byId('connection-state');
    #subtitle = byId('chat-subtitle');

    /** `actions`: {useHere(), signInAgain()}. */
    constructor(store, clock, actions) {
        this.#store = store;
        byId('me-name').textContent = store.me;
        byId('me-avatar').replaceChildren(avatar(store.me));
        byId('use-here').onclick = () => (this.#revoked ? actions.signInAgain() : actions.useHere());
        store.subscribe(() => this.#show());
        clock.onTick(() => this.#show());
    }

    #show() {
        const state = this.#state();
        setAttribute(this.#line, 'data-state', state);
        setText(this.#line, this.#words(state));
        setText(this.#subtitle, this.#subtitleWords(state));
        // There may be no room for all of it.
        setAttribute(this.#line, 'title', this.#status(this.#store.me));
        setAttribute(this.#subtitle, 'title', this.#status(this.#store.open?.other));
        setAttribute(this.#subtitle, 'data-typing', state === 'connected' && this.#store.open?.typing.userIds.length > 0 ? '' : null);
        this.#showEnding(state === 'ended');
    }

    /** Nothing is tried again by itself: what ended the session would happen again. */
    #showEnding(ended) {
        byId('ended').hidden = !ended;
        if (ended) {
            setText(byId('ended-why'), this.#ending.long);
            setText(byId('use-here'), this.#revoked ? 'Sign in again' : 'Use it here');
        }
    }

    get #ending() {
        return ENDINGS[this.#store.connection.code] ?? OTHER_ENDING;
    }

    get #revoked() {
        return this.#store.connection.code === 'DEVICE_REVOKED';
    }

    #status(userId) {
        return this.#store.presences.of(userId)?.status || null;
    }

    #state() {
        const { name } = this.#store.connection;
        return name === 'connected' && !this.#store.synced ? 'updating' : name;
    }

    #words(state) {
        switch (state) {
            case 'connected':
                return this.#status(this.#store.me) ?? 'Connected';
            case 'updating':
                return 'Updating…';
            case 'connecting':
                return 'Connecting…';
            case 'ended':
                return this.#ending.short;
            case 'waiting':
                return this.#waiting();
            default:
                return 'Not connected';
        }
    }

    /** The server will not have this connection beside another one: the user says where to go on. */
    #showEnd(state) {
        const byOtherDevice = this.#store.connection.why === 'OTHER_DEVICE_CONNECTED';
        const otherDevice = 'You are connected on another device now, and you may not be on both at once.';
        setText(byId('ended-why'), byOtherDevice ? otherDevice : 'This chat was opened in another window.');
        byId('ended').hidden = state !== 'ended';
    }

    #waiting() {
        if (!navigator.onLine) {
            return 'Waiting for the network…';
        }
        const seconds = Math.ceil((this.#store.connection.retryAt - Date.now()) / 1000);
        return seconds > 3 ? `Trying again in ${seconds} s` : 'Reconnecting…';
    }

    /** On a phone the list, and this line with it, is out of sight while a chat is open. */
    #subtitleWords(state) {
        if (state !== 'connected') {
            return this.#words(state);
        }
        const { open } = this.#store;
        return open === null ? '' : chatWords(this.#store, open, Date.now());
    }
}
