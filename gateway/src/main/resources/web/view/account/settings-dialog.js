/** The settings of this browser: language, theme, notifications and sound. */
import { LANGUAGES, text } from '../../texts/texts.js';
import { closableDialog } from '../components/dialog.js';
import { byId, element, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { Notifications } from '../page/notifications.js';
import { applyTheme } from '../page/theme.js';

export class SettingsDialog {
    /** @type {import('../../preferences.js').Preferences} */
    #preferences;
    /** @type {Notifications} */
    #notifications;
    #dialog = closableDialog('settings-dialog', 'settings-close');

    /**
     * @param {import('../../preferences.js').Preferences} preferences
     * @param {Notifications} notifications
     * @param {import('../page/sound.js').Sound} sound
     */
    constructor(preferences, notifications, sound) {
        this.#preferences = preferences;
        this.#notifications = notifications;
        byId('settings-close').replaceChildren(icon('close'));
        byId('settings-language').append(...Object.entries(LANGUAGES).map(([code, name]) => element('option', { value: code, lang: code }, name)));
        byId('settings-language').onchange = () => {
            preferences.change({ language: byId('settings-language').value });
            location.reload();
        };
        byId('settings-theme').onchange = () => {
            preferences.change({ theme: byId('settings-theme').value });
            applyTheme(preferences.values.theme);
        };
        byId('settings-notifications').onclick = () => this.#switchNotifications();
        byId('settings-sound').onchange = () => {
            preferences.change({ sound: byId('settings-sound').checked });
            if (preferences.values.sound) {
                sound.play();
            }
        };
    }

    show() {
        const { language, theme, sound } = this.#preferences.values;
        byId('settings-language').value = language;
        byId('settings-theme').value = theme;
        byId('settings-sound').checked = sound;
        byId('settings-notifications').disabled = !Notifications.isSupported;
        this.#showNotifications(Notifications.isSupported ? '' : text('settings.notificationsUnsupported'));
        this.#dialog.showModal();
    }

    async #switchNotifications() {
        if (this.#notifications.isOn) {
            this.#notifications.turnOff();
            this.#showNotifications('');
        } else {
            const isOn = await this.#notifications.turnOn();
            this.#showNotifications(isOn ? '' : text('settings.notificationsDenied'));
        }
    }

    #showNotifications(problem) {
        setText(byId('settings-notifications'), text(this.#notifications.isOn ? 'settings.notificationsOff' : 'settings.notificationsOn'));
        setText(byId('settings-problem'), problem);
    }
}
