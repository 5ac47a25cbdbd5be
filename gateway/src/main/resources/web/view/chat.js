/** The open conversation: its messages, the reader's place in them, and what counts as having been read. */
import { Attention } from './attention.js';
import { ChatHeader } from './chat-header.js';
import { Composer } from './composer.js';
import { byId, KeyedChildren } from './dom.js';
import { Footer } from './footer.js';
import { ForwardDialog } from './forward-dialog.js';
import { icon } from './icons.js';
import { MessageMenu } from './message-menu.js';
import { MessageRow } from './message-row.js';
import { ReceiptsDialog } from './receipts-dialog.js';
import { Scroll } from './scroll.js';
import { timeline } from './timeline.js';

export class ChatView {
    #store;
    #reader;
    #drafts;
    #scroll;
    #composer;
    #header;
    #footer;
    #children;
    #newRows;
    #pill = byId('new-messages');
    #attention = new Attention(() => this.#show());
    #shownId = null;
    /** The reader has been put where he begins to read. */
    #placed = false;
    #unreadAfter = null;
    /** What the reader has had at the bottom of the box. */
    #seenSeq = 0;
    /** The message the reader wants to go to, as soon as it is there; 0: none. */
    #wantedSeq = 0;

    constructor(store, route, { sender, reader, commands, account, drafts, typist }) {
        this.#store = store;
        this.#reader = reader;
        this.#drafts = drafts;
        this.#scroll = new Scroll(byId('messages'), () => this.#show());
        this.#header = new ChatHeader(store, route, commands, account);
        this.#footer = new Footer(store, commands, account);
        this.#composer = new Composer({
            send: (draft) => this.#send(sender, draft),
            typed: () => typist.typed(store.open),
            begun: (text) => drafts.write(store.open, text),
            change: (seq, text, mentions) => commands.edit(store.open, seq, text, mentions),
            changeLast: () => this.#changeLast(),
        });
        const menu = new MessageMenu(store, commands, this.#composer, {
            forward: new ForwardDialog(store, route, sender),
            receipts: new ReceiptsDialog(commands),
        });
        const row = new MessageRow({
            retry: (entry) => sender.retry(entry),
            discard: (entry) => sender.discard(entry),
            menu: (anchor, shown) => menu.show(anchor, shown),
            goTo: (seq) => this.#goTo(seq),
            react: (seq, reaction, remove) => commands.react(store.open, seq, reaction, remove),
        });
        this.#newRows = () => new KeyedChildren(byId('messages'), (r) => row.create(r), (target, r) => row.paint(target, r));
        byId('back').replaceChildren(icon('back'));
        byId('back').onclick = () => route.close();
        byId('messages').addEventListener('keydown', (e) => e.key === 'Escape' && route.close());
        byId('composer').addEventListener('keydown', (e) => e.key === 'Escape' && !e.isComposing && !e.defaultPrevented && route.close());
        this.#pill.onclick = () => {
            this.#scroll.toBottom();
            this.#show();
        };
        store.subscribe(() => this.#show());
    }

    #show() {
        const conversation = this.#store.open;
        if (this.#store.openId !== this.#shownId) {
            this.#drafts.flush();
            this.#turnTo(conversation);
        }
        if (conversation !== null) {
            this.#header.show(conversation);
            this.#footer.show(conversation);
            this.#composer.show(conversation);
            this.#divide(conversation);
            const rows = timeline(this.#store, conversation, this.#unreadAfter);
            this.#scroll.through(() => this.#children.show(rows));
            this.#place(conversation);
            this.#read(conversation);
            this.#showPill(conversation);
            this.#wantOlder(conversation);
            this.#arrive();
        }
    }

    #turnTo(conversation) {
        this.#shownId = conversation?.id ?? null;
        this.#placed = false;
        this.#unreadAfter = null;
        this.#seenSeq = 0;
        this.#wantedSeq = 0;
        byId('app').classList.toggle('chatting', conversation !== null);
        byId('no-chat').hidden = conversation !== null;
        byId('chat-pane').hidden = conversation === null;
        byId('messages').replaceChildren();
        this.#children = this.#newRows();
        if (conversation !== null) {
            this.#scroll.toBottom();
            this.#composer.turnTo(conversation);
        }
    }

    /** The divider stands below what was read when the reader came (or came back), and stays there while he is here. */
    #divide(conversation) {
        const arriving = !this.#placed || !this.#attention.here;
        if (arriving && conversation.reading.unread > 0) {
            this.#unreadAfter = conversation.reading.upTo;
        }
    }

    #place(conversation) {
        const known = conversation.knows(conversation.lastSeq) || (conversation.lastSeq === 0 && this.#store.synced);
        if (!this.#placed && known) {
            this.#placed = true;
            const divider = this.#children.find('unread');
            divider === undefined ? this.#scroll.toBottom() : this.#scroll.upTo(divider);
            this.#seenSeq = conversation.lastSeq;
        }
    }

    /** Coming here reads what there is; what comes later is read when it is in sight. */
    #read(conversation) {
        if (this.#scroll.atBottom && this.#placed) {
            this.#seenSeq = conversation.lastSeq;
        }
        if (this.#placed && this.#attention.here && conversation.lastSeq > 0) {
            this.#reader.seen(conversation, this.#seenSeq);
        }
    }

    #showPill(conversation) {
        const unseen = conversation.known.count(this.#seenSeq, Infinity, (e) => e.kind === 'message' && e.sender !== this.#store.me);
        const label = unseen === 1 ? '1 new message' : `${unseen} new messages`;
        const looks = `${this.#scroll.atBottom} ${unseen}`;
        if (this.#pill.dataset.looks !== looks) {
            this.#pill.dataset.looks = looks;
            this.#pill.hidden = this.#scroll.atBottom;
            this.#pill.replaceChildren(...(unseen > 0 ? [label] : []), icon('down'));
            this.#pill.setAttribute('aria-label', unseen > 0 ? `${label}, go there` : 'Go to the newest message');
        }
    }

    #wantOlder(conversation) {
        const filled = conversation.lastSeq > 0 && conversation.missing() === null;
        if (this.#placed && filled && this.#scroll.nearTop && conversation.wantOlder()) {
            this.#store.changed();
        }
    }

    #send(sender, draft) {
        this.#unreadAfter = null;
        this.#scroll.toBottom();
        sender.say(this.#shownId, draft);
    }

    #changeLast() {
        const { me, open } = this.#store;
        const last = open.entries.findLast((e) => e.kind === 'message' && e.sender === me);
        if (last !== undefined && last.recalledBy === null && last.url === null) {
            this.#composer.change(last);
        }
    }

    /** To a message that may have to be fetched first. */
    #goTo(seq) {
        this.#wantedSeq = seq;
        this.#store.open.wantFrom(seq - 5);
        this.#store.changed();
    }

    #arrive() {
        const row = this.#wantedSeq > 0 ? byId('messages').querySelector(`.message[data-seq="${this.#wantedSeq}"]`) : null;
        if (row !== null) {
            this.#wantedSeq = 0;
            this.#scroll.to(row);
        }
    }
}
