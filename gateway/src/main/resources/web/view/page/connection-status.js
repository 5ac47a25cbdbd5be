/** The state of the connection under the user's name, and a button where the session has ended. */
import { avatar } from '../components/avatar.js';
import { byId, setAttribute, setText } from '../components/dom.js';
import { chatSubtitle } from '../text/chat-subtitle.js';

/** @typedef {import('../../state/store.js').Store} Store */

/** Reasons with which the server ends a session for good: short for the status line, long for the notice. */
const ENDINGS = {
    REPLACED: { short: 'Open in another window', long: 'This chat was opened in another window.' },
    OTHER_DEVICE_CONNECTED: {
        short: 'In use elsewhere',
        long: 'You have connected on another device, and only one may be connected at a time.',
    },
    TOKEN_REVOKED: { short: 'Signed out', long: 'Your access was revoked. Please sign in again.' },
    DEVICE_REVOKED: { short: 'Signed out', long: 'You signed this device out on another device.' },
    BANNED: { short: 'Banned', long: 'The operator has banned this account, device or network address.' },
    USER_DISABLED: { short: 'Disabled', long: 'The operator has disabled this account.' },
};
const OTHER_ENDING = { short: 'Not connected', long: 'Tidings has ended this connection.' };

export class ConnectionStatus {
    /** @type {Store} */
    #store;
    #line = byId('connection-state');
    #subtitle = byId('chat-subtitle');

    /**
     * @param {Store} store
     * @param {import('../../protocol/clock.js').Clock} clock
     * @param {{useHere: () => void, signInAgain: () => void}} actions
     */
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
        // A screen reader does not announce each second of a countdown.
        setAttribute(this.#line, 'aria-live', state === 'waiting' ? 'off' : 'polite');
        setText(this.#line, this.#text(state));
        setText(this.#subtitle, this.#subtitleText(state));
        // The tooltip has the whole status, which may not fit.
        setAttribute(this.#line, 'title', this.#status(this.#store.me));
        setAttribute(this.#subtitle, 'title', this.#status(this.#store.open?.other));
        const isTyping = state === 'connected' && (this.#store.open?.typing.userIds.length ?? 0) > 0;
        setAttribute(this.#subtitle, 'data-typing', isTyping ? '' : null);
        this.#showEnding(state === 'ended');
    }

    /** The page does not reconnect by itself: the same reason would end the session again. */
    #showEnding(ended) {
        byId('ended').hidden = !ended;
        if (ended) {
            setText(byId('ended-reason'), this.#ending.long);
            setText(byId('use-here'), this.#revoked ? 'Sign in again' : 'Use it here');
        }
    }

    get #ending() {
        return ENDINGS[this.#store.connection.code ?? ''] ?? OTHER_ENDING;
    }

    get #revoked() {
        return ['DEVICE_REVOKED', 'TOKEN_REVOKED'].includes(this.#store.connection.code ?? '');
    }

    #status(userId) {
        return this.#store.presences.of(userId)?.status || null;
    }

    #state() {
        const { name } = this.#store.connection;
        return name === 'connected' && !this.#store.synced ? 'updating' : name;
    }

    #text(state) {
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
                return this.#waitingText();
            default:
                return 'Not connected';
        }
    }

    #waitingText() {
        if (!navigator.onLine) {
            return 'Waiting for the network…';
        }
        const seconds = Math.ceil(((this.#store.connection.retryAt ?? 0) - Date.now()) / 1000);
        return seconds > 3 ? `Trying again in ${seconds} s` : 'Reconnecting…';
    }

    /** While a chat is open on a phone, only the subtitle is visible: it shows a lost connection, too. */
    #subtitleText(state) {
        if (state !== 'connected') {
            return this.#text(state);
        }
        const { open } = this.#store;
        return open === null ? '' : chatSubtitle(this.#store, open, Date.now());
    }
}
