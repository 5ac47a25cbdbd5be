/** The user's devices: which there are, which one this is, and the way to sign another one out. */
import { closable } from './dialog.js';
import { byId, element, setText } from './dom.js';
import { icon } from './icons.js';
import { lastSeen } from './times.js';

const NAMES = { WEB: 'Browser', IOS: 'iPhone or iPad', ANDROID: 'Android phone', DESKTOP: 'Computer', SERVER: 'Server' };
/** Enough to tell two browsers apart. */
const ID_CHARACTERS = 12;

export class DevicesDialog {
    #account;
    #deviceId;
    #dialog = closable('devices-dialog', 'devices-close');

    /** `deviceId`: this one's. */
    constructor(account, deviceId) {
        this.#account = account;
        this.#deviceId = deviceId;
        byId('devices-close').replaceChildren(icon('close'));
    }

    show() {
        this.#complain('');
        byId('devices').replaceChildren();
        this.#dialog.showModal();
        this.#load();
    }

    async #load() {
        const { devices, problem } = await this.#account.devices();
        if (problem === null) {
            byId('devices').replaceChildren(...devices.map((device) => this.#item(device)));
        } else {
            this.#complain(problem);
        }
    }

    #item({ deviceId, platform, online, lastSeenAt }) {
        const here = deviceId === this.#deviceId;
        const there = online ? 'online' : lastSeen(lastSeenAt, Date.now());
        const revoke = element('button', { type: 'button', class: 'link', 'data-testid': `revoke-${deviceId}` }, 'Sign out');
        revoke.onclick = () => this.#revoke(deviceId, revoke);
        return element('li', { class: 'device', 'data-testid': `device-${deviceId}`, 'data-online': String(online) },
            element('div', { class: 'who' },
                element('strong', {}, here ? 'This device' : NAMES[platform] ?? 'Device'),
                element('span', { class: 'connection', title: deviceId }, [there, deviceId.slice(0, ID_CHARACTERS)].filter(Boolean).join(' · '))),
            ...(here ? [] : [revoke]));
    }

    async #revoke(deviceId, button) {
        button.disabled = true;
        const problem = await this.#account.revoke(deviceId);
        this.#complain(problem ?? '');
        await this.#load();
    }

    #complain(problem) {
        setText(byId('devices-problem'), problem);
    }
}
