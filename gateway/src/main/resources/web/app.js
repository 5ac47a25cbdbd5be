/** The chat of one signed-in user: everything wired by hand, in the order in which a message comes by. */
import { Account } from './protocol/account.js';
import { Acks } from './protocol/acks.js';
import { Clock } from './protocol/clock.js';
import { Commands } from './protocol/commands.js';
import { Connection } from './protocol/connection.js';
import { Drafts } from './protocol/drafts.js';
import { History } from './protocol/history.js';
import { Reader } from './protocol/reader.js';
import { Requests } from './protocol/requests.js';
import { Sender } from './protocol/sender.js';
import { Session } from './protocol/session.js';
import { Typist } from './protocol/typist.js';
import { Watching } from './protocol/watching.js';
import { Outbox } from './state/outbox.js';
import { Store } from './state/store.js';
import { Announcer } from './view/announcer.js';
import { ChatView } from './view/chat.js';
import { ConnectionLine } from './view/connection-line.js';
import { ConversationList } from './view/conversation-list.js';
import { DevicesDialog } from './view/devices-dialog.js';
import { MeMenu } from './view/me-menu.js';
import { NewChatDialog } from './view/new-chat.js';
import { NewGroupDialog } from './view/new-group.js';
import { Route } from './view/route.js';
import { StatusDialog } from './view/status-dialog.js';
import { day } from './view/times.js';

export class App {
    #clock = new Clock();
    #connection;
    #store;
    #route;

    /** `onSignInNeeded(problem)`: the server does not let this user in any more. */
    constructor(identity, onSignInNeeded) {
        const store = new Store(identity.userId, new Outbox(sessionStorage));
        const connection = new Connection(identity, this.#clock, {
            state: (state) => {
                store.connection = state;
                store.changed();
                if (state.code === 'DEVICE_REVOKED') {
                    identity.signedOut();
                }
            },
            open: (connected) => {
                session.opened(connected);
                sender.opened();
            },
            frame: (frame) => session.receive(frame),
            lost: () => {
                session.lost();
                history.lost();
                watching.lost();
            },
            signInNeeded: onSignInNeeded,
        });
        const requests = new Requests(connection, this.#clock);
        const announcer = new Announcer(store);
        const session = new Session(store, requests, new Acks(connection), (id, news) => announcer.announce(id, news));
        const history = new History(store, requests);
        const sender = new Sender(store, requests, this.#clock);
        const reader = new Reader(store, requests, this.#clock);
        const commands = new Commands(store, requests);
        const account = new Account(store, requests);
        const watching = new Watching(store, requests, this.#clock);
        const typist = new Typist(store, requests);
        const drafts = new Drafts(store, requests, this.#clock, sessionStorage);
        addEventListener('pagehide', () => drafts.flush());

        const route = new Route((conversationId) => store.openConversation(conversationId));
        const dialogs = { chat: new NewChatDialog(store, route), group: new NewGroupDialog(store, route, commands) };
        new ConversationList(store, route, dialogs, account);
        new ChatView(store, route, { sender, reader, commands, account, drafts, typist });
        new ConnectionLine(store, this.#clock, {
            useHere: () => connection.reconnect(),
            signInAgain: () => this.#signOut(identity),
        });
        const statusDialog = new StatusDialog(store, account);
        const devicesDialog = new DevicesDialog(account, identity.deviceId);
        new MeMenu({
            status: () => statusDialog.show(),
            devices: () => devicesDialog.show(),
            signOut: () => this.#signOut(identity),
        });
        this.#clock.onTick(() => store.fade(Date.now()));
        this.#redrawAtMidnight();

        this.#store = store;
        this.#connection = connection;
        this.#route = route;
    }

    start() {
        document.getElementById('app').hidden = false;
        this.#clock.start();
        this.#route.restore();
        this.#connection.reconnect();
    }

    stop() {
        document.getElementById('app').hidden = true;
        this.#clock.stop();
        this.#connection.stop();
    }

    #signOut(identity) {
        const unsent = 'Some messages have not been sent yet and will be lost. Sign out all the same?';
        if (this.#store.outbox.isEmpty || confirm(unsent)) {
            this.stop();
            identity.forget();
            location.replace(location.pathname);
        }
    }

    /** "Today" is not for ever. */
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
