/** Commands about the user: settings of a conversation, the status, who may add them to groups, and their devices. */
import { device } from './frames.js';
import { problemOf } from './refusals.js';

/** @typedef {import('./requests.js').Requests} Requests */
/** @typedef {import('../state/store.js').Store} Store */
/** @typedef {import('../state/conversation.js').Conversation} Conversation */

/** The longest time after a change during which the directory may still return the old name. */
const SETTLE_MILLIS = 10_000;

export class Account {
    /** @type {Store} */
    #store;
    /** @type {Requests} */
    #requests;

    /**
     * @param {Store} store
     * @param {Requests} requests
     */
    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
    }

    /** Changes pinned, muted or hidden; shows at once. Returns the problem as a sentence, or null. */
    async changeSettings(/** @type {Conversation} */ conversation, change) {
        const before = conversation.settings.change(change);
        this.#store.changed();
        const [kind, value] = await this.#requests.request('settings', { conversationId: conversation.id, ...change });
        const problem = problemOf(kind, value);
        conversation.settings.change(problem === null ? change : before);
        this.#store.changed();
        return problem;
    }

    /** Accepts an invitation to a group; a view follows. Returns the problem as a sentence, or null. */
    async acceptInvitation(/** @type {Conversation} */ conversation) {
        return problemOf(...(await this.#requests.request('settings', { conversationId: conversation.id, acceptInvitation: true })));
    }

    /** Sets the user's own name in the directory. Returns the problem as a sentence, or null. */
    async setName(name) {
        const { me, people } = this.#store;
        const problem = problemOf(...(await this.#requests.request('patchUser', { displayName: name })));
        if (problem === null) {
            people.apply([me], [{ userId: me, name, avatarUrl: people.avatarUrlOf(me), disabled: false }], true, Date.now() + SETTLE_MILLIS);
            this.#store.changed();
        }
        return problem;
    }

    /** Sets the status that others see beside the presence. Returns the problem as a sentence, or null. */
    async setStatus(status) {
        return problemOf(...(await this.#requests.request('profile', { status })));
    }

    /**
     * Sets who may add the user to groups without asking: a value of ChangeProfile.GroupInvitations. Returns the problem as a
     * sentence, or null.
     */
    async setGroupInvitations(groupInvitations) {
        return problemOf(...(await this.#requests.request('profile', { groupInvitations })));
    }

    /** Lists the user's devices: {devices, problem}; devices as in frames.js, the one seen last first. */
    async devices() {
        const [kind, value] = await this.#requests.request('devices', {});
        const devices = (value.devices ?? []).map(device);
        const seenAt = ({ online, lastSeenAt }) => (online ? Infinity : lastSeenAt);
        devices.sort((a, b) => Number(seenAt(b) > seenAt(a)) - Number(seenAt(b) < seenAt(a)));
        return { devices, problem: problemOf(kind, value) };
    }

    /** Ends the session of a device and removes it. Returns the problem as a sentence, or null. */
    async revokeDevice(deviceId) {
        return problemOf(...(await this.#requests.request('revokeDevice', { deviceId })));
    }
}
