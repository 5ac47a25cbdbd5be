/** The chat of one signed-in user: everything wired by hand, in the order in which a message comes by. */
import { Acks } from './protocol/acks.js';
import { Clock } from './protocol/clock.js';
import { Commands } from './protocol/commands.js';
import { Connection } from './protocol/connection.js';
import { History } from './protocol/history.js';
import { Reader } from './protocol/reader.js';
import { Requests } from './protocol/requests.js';
import { Sender } from './protocol/sender.js';
import { Session } from './protocol/session.js';
import { Outbox } from './state/outbox.js';
import { Store } from './state/store.js';
import { Announcer } from './view/announcer.js';
import { ChatView } from './view/chat.js';
import { ConnectionLine } from './view/connection-line.js';
import { ConversationList } from './view/conversation-list.js';
import { NewChatDialog } from './view/new-chat.js';
import { NewGroupDialog } from './view/new-group.js';
import { Route } from './view/route.js';
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
            },
            open: (connected) => {
                session.opened(connected);
                sender.opened();
            },
            frame: (frame) => session.receive(frame),
            lost: () => {
                session.lost();
                history.lost();
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

        const route = new Route((conversationId) => store.openConversation(conversationId));
        const dialogs = { chat: new NewChatDialog(store, route), group: new NewGroupDialog(store, route, commands) };
        new ConversationList(store, route, dialogs);
        new ChatView(store, route, { sender, reader, commands });
        new ConnectionLine(store, this.#clock, {
            useHere: () => connection.reconnect(),
            signOut: () => this.#signOut(identity),
        });
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
