/** The sign-in screen: by name, or by an access token if the server issues none by name. */
import { TokenNeeded } from '../../identity.js';
import { userIdProblem } from '../../state/conversation-id.js';
import { text } from '../../texts/texts.js';
import { byId, setText } from '../components/dom.js';

/** @typedef {import('../../identity.js').Identity} Identity */

export class SignInView {
    /** @type {Identity} */
    #identity;
    /** @type {() => void} */
    #onSignedIn;
    #form = byId('sign-in-form');
    #name = byId('sign-in-name');
    #token = byId('sign-in-token');
    #byToken = false;

    /**
     * @param {Identity} identity
     * @param {() => void} onSignedIn
     */
    constructor(identity, onSignedIn) {
        this.#identity = identity;
        this.#onSignedIn = onSignedIn;
        this.#form.addEventListener('submit', (e) => {
            e.preventDefault();
            this.#submit();
        });
        this.#name.addEventListener('input', () => this.#showProblem(''));
    }

    /** `problem`: why the user has to sign in again. */
    show(problem = '') {
        byId('sign-in').hidden = false;
        this.#name.value = this.#identity.userId ?? '';
        this.#showProblem('');
        setText(byId('sign-in-problem'), problem);
        this.#name.focus();
    }

    hide() {
        byId('sign-in').hidden = true;
    }

    async #submit() {
        const button = this.#form.querySelector('button');
        button.disabled = true;
        try {
            await this.#signIn();
            this.#onSignedIn();
        } catch (e) {
            e instanceof TokenNeeded ? this.#showTokenField() : this.#showProblem(e instanceof Error ? e.message : String(e));
        } finally {
            button.disabled = false;
        }
    }

    async #signIn() {
        if (this.#byToken) {
            this.#identity.signInByToken(this.#token.value.trim());
            return;
        }
        const name = this.#name.value.trim();
        const problem = userIdProblem(name);
        if (problem !== null) {
            throw new Error(problem);
        }
        await this.#identity.signInByName(name);
    }

    #showTokenField() {
        this.#byToken = true;
        setText(byId('sign-in-lead'), text('signIn.tokenNeeded'));
        byId('sign-in-name-row').hidden = true;
        byId('sign-in-token-row').hidden = false;
        this.#token.focus();
    }

    #showProblem(problem) {
        setText(byId('sign-in-problem'), problem);
        this.#name.setAttribute('aria-invalid', String(problem !== ''));
    }
}
