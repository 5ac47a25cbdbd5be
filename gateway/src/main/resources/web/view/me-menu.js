/** What the user can do about himself: his status, his devices, signing out. */
import { byId } from './dom.js';
import { icon } from './icons.js';
import { Menu } from './menu.js';

export class MeMenu {
    /** `on`: {status(), devices(), signOut()}. */
    constructor(on) {
        const menu = new Menu('me-menu-items');
        const button = byId('me-menu');
        button.replaceChildren(icon('more'));
        button.onclick = () => menu.show(button, [
            { label: 'Set your status', testId: 'set-status', act: on.status },
            { label: 'Your devices', testId: 'show-devices', act: on.devices },
            { label: 'Sign out', testId: 'sign-out', act: on.signOut, danger: true },
        ]);
    }
}
