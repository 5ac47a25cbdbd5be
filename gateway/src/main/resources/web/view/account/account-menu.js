/** The menu beside the user's name: status, privacy, devices, settings, signing out. */
import { text } from '../../texts/texts.js';
import { byId } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { Menu } from '../components/menu.js';

export class AccountMenu {
    /** @param {{status: () => void, privacy: () => void, devices: () => void, settings: () => void, signOut: () => void}} on */
    constructor(on) {
        const menu = new Menu('me-menu-items');
        const button = byId('me-menu');
        button.replaceChildren(icon('more'));
        button.onclick = () => menu.show(button, [
            { label: text('account.status'), testId: 'set-status', act: on.status },
            { label: text('account.privacy'), testId: 'show-privacy', act: on.privacy },
            { label: text('account.devices'), testId: 'show-devices', act: on.devices },
            { label: text('account.settings'), testId: 'show-settings', act: on.settings },
            { label: text('account.signOut'), testId: 'sign-out', act: on.signOut, danger: true },
        ]);
    }
}
