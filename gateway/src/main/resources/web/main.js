/** Where the page begins: sign in, by oneself after a reload, then run the chat. */
import { App } from './app.js';
import { Identity } from './identity.js';
import { SignInView } from './view/sign-in.js';

const identity = new Identity(sessionStorage);
let app = null;

const signInView = new SignInView(identity, () => (app === null ? start() : location.reload()));

function start() {
    signInView.hide();
    app = new App(identity, (problem) => {
        app.stop();
        signInView.show(problem);
    });
    app.start();
}

if (identity.known) {
    start();
} else {
    signInView.show();
}
