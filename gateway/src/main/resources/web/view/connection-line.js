/** Who is signed in and how the connection is: a calm line under the name, with a way out where one is needed. */
import { avatar } from './avatar.js';
import { byId, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';

export class ConnectionLine {
    #store;
    #line = byId('connection-state');
    #subtitle = byId('chat-subtitle');

    /** `actions`: {useHere(), signOut()}. */
    constructor(store, clock, actions) {
        this.#store = store;
        byId('me-name').textContent = store.me;
        byId('me-avatar').replaceChildren(avatar(store.me));
        byId('sign-out').replaceChildren(icon('leave'));
        byId('sign-out').onclick = actions.signOut;
        byId('use-here').onclick = actions.useHere;
        store.subscribe(() => this.#show());
        clock.onTick(() => this.#show());
    }

    #show() {
        const state = this.#state();
        setAttribute(this.#line, 'data-state', state);
        setText(this.#line, this.#words(state));
        // On a phone the list, and this line with it, is out of sight while a chat is open.
        setText(this.#subtitle, state === 'connected' ? this.#kind() : this.#words(state));
        this.#showEnd(state);
    }

    #state() {
        const { name } = this.#store.connection;
        return name === 'connected' && !this.#store.synced ? 'updating' : name;
    }

    #words(state) {
        switch (state) {
            case 'connected':
                return 'Connected';
            case 'updating':
                return 'Updating…';
            case 'connecting':
                return 'Connecting…';
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

    #kind() {
        const { open } = this.#store;
        switch (open?.kind) {
            case 'group':
                return open.group.memberCount > 0 ? `${open.group.memberCount} members` : 'Group';
            case 'private':
                return open.relation.friends ? 'Friend' : '';
            case undefined:
                return '';
            default:
                return { room: 'Room', system: 'System messages', broadcast: 'Broadcast' }[open.kind] ?? '';
        }
    }
}
