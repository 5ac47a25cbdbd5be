/** The menu beside the user's name: status, privacy, devices, signing out. */
import { byId } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { Menu } from '../components/menu.js';

export class AccountMenu {
    /** @param {{status: () => void, privacy: () => void, devices: () => void, signOut: () => void}} on */
    constructor(on) {
        const menu = new Menu('me-menu-items');
        const button = byId('me-menu');
        button.replaceChildren(icon('more'));
        button.onclick = () => menu.show(button, [
            { label: 'Name and status', testId: 'set-status', act: on.status },
            { label: 'Privacy', testId: 'show-privacy', act: on.privacy },
            { label: 'Your devices', testId: 'show-devices', act: on.devices },
            { label: 'Sign out', testId: 'sign-out', act: on.signOut, danger: true },
        ]);
    }
}
