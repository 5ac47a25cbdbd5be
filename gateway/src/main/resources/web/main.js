/** Starts the page: its language and theme, and then the sign-in screen, or the chat if the tab is signed in. */
import { App } from './app.js';
import { Identity } from './identity.js';
import { Preferences } from './preferences.js';
import { useLanguage } from './texts/texts.js';
import { SignInView } from './view/account/sign-in.js';
import { applyTheme } from './view/page/theme.js';
import { translatePage } from './view/text/translate.js';

const preferences = new Preferences(localStorage);
useLanguage(preferences.values.language, navigator.languages);
applyTheme(preferences.values.theme);
translatePage();

const identity = new Identity(sessionStorage);
let app = /** @type {App | null} */ (null);

const signInView = new SignInView(identity, () => (app === null ? start() : location.reload()));

function start() {
    signInView.hide();
    const started = new App(identity, preferences, (problem) => {
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
