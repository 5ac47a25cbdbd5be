/**
 * Shows new messages as notifications of the browser while the page is hidden: one for each conversation, with its newest message. They
 * close when the user comes back. The settings dialog asks for the permission.
 */
import { announcedMessages } from '../../state/announced-messages.js';
import { text } from '../../texts/texts.js';
import { senderName } from '../text/notice-text.js';

/** @typedef {import('../../state/store.js').Store} Store */

export class Notifications {
    /** @type {Store} */
    #store;
    /** @type {import('../../preferences.js').Preferences} */
    #preferences;
    /** @type {(conversationId: string) => void} */
    #open;
    /** Conversation id → the notification on the screen. */
    #shown = /** @type {Map<string, Notification>} */ (new Map());

    /**
     * @param {Store} store
     * @param {import('../../preferences.js').Preferences} preferences
     * @param {(conversationId: string) => void} open
     */
    constructor(store, preferences, open) {
        this.#store = store;
        this.#preferences = preferences;
        this.#open = open;
        document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#closeAll());
    }

    /** Whether the browser has notifications for this page. */
    static get isSupported() {
        return 'Notification' in globalThis && isSecureContext;
    }

    /** Whether the user has turned notifications on, and the browser allows them. */
    get isOn() {
        return Notifications.isSupported && this.#preferences.values.notifications && Notification.permission === 'granted';
    }

    /** Asks for the permission if the user has not decided yet, and turns notifications on. Returns whether they are on. */
    async turnOn() {
        const permission = Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission;
        this.#preferences.change({ notifications: permission === 'granted' });
        return permission === 'granted';
    }

    turnOff() {
        this.#preferences.change({ notifications: false });
        this.#closeAll();
    }

    show(conversationId, messages) {
        if (document.visibilityState !== 'hidden' || !this.isOn) {
            return;
        }
        const last = announcedMessages(this.#store, conversationId, messages, false).findLast((message) => message.countable);
        if (last !== undefined) {
            this.#show(conversationId, last);
        }
    }

    #show(conversationId, message) {
        const { name, kind } = this.#store.conversation(conversationId);
        const sender = senderName(message.sender, this.#store.people);
        const body = kind === 'group' || kind === 'room' ? text('list.preview', { name: sender, text: message.text }) : message.text;
        const notification = new Notification(name, { body, tag: `tidings ${this.#store.me} ${conversationId}`, icon: 'icon.svg' });
        notification.onclick = () => {
            globalThis.focus();
            this.#open(conversationId);
            notification.close();
        };
        this.#shown.set(conversationId, notification);
    }

    #closeAll() {
        this.#shown.forEach((notification) => notification.close());
        this.#shown.clear();
    }
}
