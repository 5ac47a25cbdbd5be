/** What users want about themselves: how they see a conversation, what they say of themselves, which devices are theirs. */
import { device } from './frames.js';
import { problemOf } from './refusals.js';

export class Account {
    #store;
    #requests;

    constructor(store, requests) {
        this.#store = store;
        this.#requests = requests;
    }

    /** `change`: of pinned, muted, hidden. It shows at once. Gives back why it was not done, or null. */
    async see(conversation, change) {
        const before = conversation.settings.change(change);
        this.#store.changed();
        const [kind, value] = await this.#requests.ask('settings', { conversationId: conversation.id, ...change });
        const problem = problemOf(kind, value);
        conversation.settings.change(problem === null ? change : before);
        this.#store.changed();
        return problem;
    }

    /** What has come of the invitation follows as a view. Gives back why it was not done, or null. */
    async acceptInvitation(conversation) {
        return problemOf(...(await this.#requests.ask('settings', { conversationId: conversation.id, acceptInvitation: true })));
    }

    /** What others see of the user, next to whether he is there. Gives back why it was not done, or null. */
    async say(status) {
        return problemOf(...(await this.#requests.ask('profile', { status })));
    }

    /** {devices, problem}: devices as in frames.js, the one seen last first. */
    async devices() {
        const [kind, value] = await this.#requests.ask('devices', {});
        const devices = (value.devices ?? []).map(device);
        const seen = ({ online, lastSeenAt }) => (online ? Infinity : lastSeenAt);
        devices.sort((a, b) => (seen(b) > seen(a)) - (seen(b) < seen(a)));
        return { devices, problem: problemOf(kind, value) };
    }

    /** Ends a device's session and forgets it. Gives back why it was not done, or null. */
    async revoke(deviceId) {
        return problemOf(...(await this.#requests.ask('revokeDevice', { deviceId })));
    }
}
