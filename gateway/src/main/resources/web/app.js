/** The chat of one signed-in user: makes all parts and connects them, in the order in which a message passes them. */
import { Account } from './protocol/account.js';
import { Acks } from './protocol/acks.js';
import { Clock } from './protocol/clock.js';
import { Commands } from './protocol/commands.js';
import { Connection } from './protocol/connection.js';
import { Drafts } from './protocol/drafts.js';
import { History } from './protocol/history.js';
import { MessageSender } from './protocol/message-sender.js';
import { Operations } from './protocol/operations.js';
import { PresenceSubscriptions } from './protocol/presence-subscriptions.js';
import { ProfileLoader } from './protocol/profile-loader.js';
import { ReadPositions } from './protocol/read-positions.js';
import { Requests } from './protocol/requests.js';
import { Session } from './protocol/session.js';
import { TypingNotifier } from './protocol/typing-notifier.js';
import { Outbox } from './state/outbox.js';
import { Store } from './state/store.js';
import { text } from './texts/texts.js';
import { AccountMenu } from './view/account/account-menu.js';
import { DevicesDialog } from './view/account/devices-dialog.js';
import { PrivacyDialog } from './view/account/privacy-dialog.js';
import { SettingsDialog } from './view/account/settings-dialog.js';
import { StatusDialog } from './view/account/status-dialog.js';
import { ChatView } from './view/chat/chat-view.js';
import { PageFocus } from './view/chat/page-focus.js';
import { confirmed } from './view/components/confirm-dialog.js';
import { byId } from './view/components/dom.js';
import { ConversationList } from './view/conversations/conversation-list.js';
import { MessageSearch } from './view/conversations/message-search.js';
import { NewChatDialog } from './view/conversations/new-chat-dialog.js';
import { NewGroupDialog } from './view/group/new-group-dialog.js';
import { Announcer } from './view/page/announcer.js';
import { ConnectionStatus } from './view/page/connection-status.js';
import { Notifications } from './view/page/notifications.js';
import { Route } from './view/page/route.js';
import { Sound } from './view/page/sound.js';
import { day } from './view/text/times.js';

export class App {
    #clock = new Clock();
    #connection;
    #store;
    #route;

    /**
     * @param {import('./identity.js').Identity} identity
     * @param {import('./preferences.js').Preferences} preferences
     * @param {(problem: string) => void} onSignInNeeded called when the server does not accept the user's token any more
     */
    constructor(identity, preferences, onSignInNeeded) {
        const store = new Store(/** @type {string} */ (identity.userId), new Outbox(sessionStorage));
        const connection = new Connection(identity, this.#clock, {
            state: (state) => {
                store.connection = state;
                store.changed();
                if (state.code === 'DEVICE_REVOKED' || state.code === 'TOKEN_REVOKED') {
                    identity.signedOut();
                }
            },
            open: (connected) => {
                if (identity.confirm(connected.userId)) {
                    location.reload();
                    return;
                }
                session.connected(connected);
                sender.connected();
                search.connected();
            },
            frame: (frame) => session.receive(frame),
            lost: () => {
                session.disconnected();
                history.disconnected();
                presences.disconnected();
            },
            signInNeeded: onSignInNeeded,
        });
        const requests = new Requests(connection, this.#clock);
        new ProfileLoader(store, requests);
        const announcer = new Announcer(store);
        const notifications = new Notifications(store, preferences, (conversationId) => route.open(conversationId));
        const sound = new Sound(store, preferences);
        const focus = new PageFocus(() => {});
        const session = new Session(store, requests, new Acks(connection), (conversationId, messages) => {
            announcer.announce(conversationId, messages);
            notifications.show(conversationId, messages);
            sound.announce(conversationId, messages, focus.isFocused);
        });
        const history = new History(store, requests);
        const sender = new MessageSender(store, requests, this.#clock);
        const readPositions = new ReadPositions(store, requests, this.#clock);
        const commands = new Commands(store, requests, new Operations(requests, this.#clock));
        const account = new Account(store, requests);
        const presences = new PresenceSubscriptions(store, requests, this.#clock);
        const typing = new TypingNotifier(store, requests);
        const drafts = new Drafts(store, requests, this.#clock, sessionStorage);
        addEventListener('pagehide', () => drafts.flush());

        const route = new Route((conversationId) => store.openConversation(conversationId));
        const dialogs = { chat: new NewChatDialog(store, route, requests, commands), group: new NewGroupDialog(route, commands, store, requests) };
        new ConversationList(store, route, dialogs, account);
        const chat = new ChatView(store, route, requests, { sender, readPositions, commands, account, drafts, typing });
        const search = new MessageSearch(store, requests, (conversationId, seq) => chat.openAt(conversationId, seq));
        new ConnectionStatus(store, this.#clock, {
            useHere: () => connection.reconnect(),
            signInAgain: () => this.#signOut(identity),
        });
        const statusDialog = new StatusDialog(store, account);
        const devicesDialog = new DevicesDialog(account, identity.deviceId);
        const privacyDialog = new PrivacyDialog(account);
        const settingsDialog = new SettingsDialog(preferences, notifications, sound);
        new AccountMenu({
            status: () => statusDialog.show(),
            privacy: () => privacyDialog.show(),
            devices: () => devicesDialog.show(),
            settings: () => settingsDialog.show(),
            signOut: () => this.#signOut(identity),
        });
        this.#clock.onTick(() => store.expire(Date.now()));
        this.#redrawAtMidnight();

        this.#store = store;
        this.#connection = connection;
        this.#route = route;
    }

    start() {
        byId('app').hidden = false;
        this.#clock.start();
        this.#route.restore();
        this.#connection.reconnect();
    }

    stop() {
        byId('app').hidden = true;
        this.#clock.stop();
        this.#connection.stop();
    }

    async #signOut(identity) {
        const question = { title: text('signOut.title'), explanation: text('signOut.explanation'), confirm: text('account.signOut') };
        if (this.#store.outbox.isEmpty || (await confirmed(question))) {
            this.stop();
            identity.forget();
            location.replace(location.pathname);
        }
    }

    /** Draws the page again when the day changes, because "Today" becomes "Yesterday". */
    #redrawAtMidnight() {
        let today = day(Date.now());
        this.#clock.onTick(() => {
            if (today !== day(Date.now())) {
                today = day(Date.now());
                this.#store.changed();
            }
        });
    }
}
