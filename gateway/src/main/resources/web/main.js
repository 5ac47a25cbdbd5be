/** Starts the page: shows the sign-in screen, or the chat if the tab is signed in. */
import { App } from './app.js';
import { Identity } from './identity.js';
import { SignInView } from './view/account/sign-in.js';

const identity = new Identity(sessionStorage);
let app = /** @type {App | null} */ (null);

const signInView = new SignInView(identity, () => (app === null ? start() : location.reload()));

function start() {
    signInView.hide();
    const started = new App(identity, (problem) => {
        started.stop();
        signInView.show(problem);
    });
    app = started;
    started.start();
}

if (identity.known) {
    start();
} else {
    signInView.show();
}
