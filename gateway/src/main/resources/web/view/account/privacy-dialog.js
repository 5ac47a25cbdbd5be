/**
 * Sets who may add the user to groups without asking. The server does not send the current choice, so the dialog starts without
 * one and saves the one that the user picks.
 */
import { closableDialog } from '../components/dialog.js';
import { byId, setText } from '../components/dom.js';

/** @typedef {import('../../protocol/account.js').Account} Account */

export class PrivacyDialog {
    /** @type {Account} */
    #account;
    #dialog = closableDialog('privacy-dialog', 'privacy-cancel');

    /** @param {Account} account */
    constructor(account) {
        this.#account = account;
        byId('privacy-form').addEventListener('change', () => this.#showSave());
        byId('privacy-form').addEventListener('submit', (e) => {
            e.preventDefault();
            this.#save();
        });
    }

    show() {
        byId('privacy-form').reset();
        setText(byId('privacy-problem'), '');
        this.#showSave();
        this.#dialog.showModal();
    }

    get #choice() {
        return this.#dialog.querySelector('input[name="group-invitations"]:checked')?.value ?? null;
    }

    #showSave() {
        byId('privacy-save').disabled = this.#choice === null;
    }

    async #save() {
        const problem = await this.#account.setGroupInvitations(this.#choice);
        setText(byId('privacy-problem'), problem ?? '');
        if (problem === null) {
            this.#dialog.close();
        }
    }
}
