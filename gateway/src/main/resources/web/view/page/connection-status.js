/** The state of the connection under the user's name, and a button where the session has ended. */
import { text, textIfAny } from '../../texts/texts.js';
import { userAvatar } from '../components/avatar.js';
import { byId, setAttribute, setText } from '../components/dom.js';
import { chatSubtitle } from '../text/chat-subtitle.js';

/** @typedef {import('../../state/store.js').Store} Store */

export class ConnectionStatus {
    /** @type {Store} */
    #store;
    #line = byId('connection-state');
    #subtitle = byId('chat-subtitle');
    /** The user's name and avatar as they are shown. */
    #shownProfile = '';

    /**
     * @param {Store} store
     * @param {import('../../protocol/clock.js').Clock} clock
     * @param {{useHere: () => void, signInAgain: () => void}} actions
     */
    constructor(store, clock, actions) {
        this.#store = store;
        byId('use-here').onclick = () => (this.#revoked ? actions.signInAgain() : actions.useHere());
        store.subscribe(() => this.#show());
        clock.onTick(() => this.#show());
    }

    #show() {
        this.#showProfile();
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

    #showProfile() {
        const { me, people } = this.#store;
        const profile = `${people.nameOf(me)} ${people.avatarUrlOf(me)}`;
        if (this.#shownProfile !== profile) {
            this.#shownProfile = profile;
            setText(byId('me-name'), people.nameOf(me));
            setAttribute(byId('me-name'), 'title', me);
            byId('me-avatar').replaceChildren(userAvatar(people, me));
        }
    }

    /** The page does not reconnect by itself: the same reason would end the session again. */
    #showEnding(ended) {
        byId('ended').hidden = !ended;
        if (ended) {
            setText(byId('ended-reason'), this.#ending('long'));
            setText(byId('use-here'), text(this.#revoked ? 'ended.signInAgain' : 'ended.useHere'));
        }
    }

    /** Returns the reason why the server has ended the session for good: `short` for the status line, `long` for the notice. */
    #ending(length) {
        return textIfAny(`ended.${this.#store.connection.code}.${length}`) ?? textIfAny(`ended.other.${length}`) ?? '';
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
                return this.#status(this.#store.me) ?? text('connection.connected');
            case 'updating':
                return text('connection.updating');
            case 'connecting':
                return text('connection.connecting');
            case 'ended':
                return this.#ending('short');
            case 'waiting':
                return this.#waitingText();
            default:
                return text('connection.stopped');
        }
    }

    #waitingText() {
        if (!navigator.onLine) {
            return text('connection.offline');
        }
        const seconds = Math.ceil(((this.#store.connection.retryAt ?? 0) - Date.now()) / 1000);
        return seconds > 3 ? text('connection.retryIn', { seconds }) : text('connection.reconnecting');
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
