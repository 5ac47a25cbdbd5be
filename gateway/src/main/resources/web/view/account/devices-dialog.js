/** Lists the user's devices, and signs other ones out. */
import { text, textIfAny } from '../../texts/texts.js';
import { closableDialog } from '../components/dialog.js';
import { byId, element, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { lastSeen } from '../text/times.js';

/** @typedef {import('../../protocol/account.js').Account} Account */

/** So many characters of an id distinguish two browsers. */
const ID_CHARACTERS = 12;

export class DevicesDialog {
    /** @type {Account} */
    #account;
    /** @type {string} */
    #deviceId;
    #dialog = closableDialog('devices-dialog', 'devices-close');

    /**
     * @param {Account} account
     * @param {string} deviceId of this page
     */
    constructor(account, deviceId) {
        this.#account = account;
        this.#deviceId = deviceId;
        byId('devices-close').replaceChildren(icon('close'));
    }

    show() {
        this.#showProblem('');
        byId('devices').replaceChildren();
        this.#dialog.showModal();
        this.#load();
    }

    async #load() {
        const { devices, problem } = await this.#account.devices();
        if (problem === null) {
            byId('devices').replaceChildren(...devices.map((device) => this.#item(device)));
        } else {
            this.#showProblem(problem);
        }
    }

    #item({ deviceId, platform, online, lastSeenAt }) {
        const isThis = deviceId === this.#deviceId;
        const seen = online ? text('subtitle.online') : lastSeen(lastSeenAt, Date.now());
        const name = isThis ? text('devices.this') : textIfAny(`devices.${platform}`) ?? text('devices.other');
        const label = text('devices.signOut', { name, seen });
        const revoke = element('button', { type: 'button', class: 'link', 'aria-label': label, 'data-testid': `revoke-${deviceId}` }, text('account.signOut'));
        revoke.onclick = () => this.#revoke(deviceId, revoke);
        return element('li', { class: 'device', 'data-testid': `device-${deviceId}`, 'data-online': String(online) },
            element('div', { class: 'heading' },
                element('strong', {}, name),
                element('span', { class: 'connection', title: deviceId }, [seen, deviceId.slice(0, ID_CHARACTERS)].filter(Boolean).join(' · '))),
            ...(isThis ? [] : [revoke]));
    }

    async #revoke(deviceId, button) {
        button.disabled = true;
        const problem = await this.#account.revokeDevice(deviceId);
        this.#showProblem(problem ?? '');
        await this.#load();
    }

    #showProblem(problem) {
        setText(byId('devices-problem'), problem);
    }
}
