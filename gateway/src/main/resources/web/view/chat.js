/** The open conversation: its messages, the reader's place in them, and what counts as having been read. */
import { Attention } from './attention.js';
import { avatar } from './avatar.js';
import { Composer } from './composer.js';
import { byId, KeyedChildren, setText } from './dom.js';
import { icon } from './icons.js';
import { MessageRow } from './message-row.js';
import { Scroll } from './scroll.js';
import { timeline } from './timeline.js';

export class ChatView {
    #store;
    #reader;
    #scroll;
    #composer;
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

    constructor(store, route, sender, reader) {
        this.#store = store;
        this.#reader = reader;
        this.#scroll = new Scroll(byId('messages'), () => this.#show());
        this.#composer = new Composer((text) => this.#send(sender, text));
        const row = new MessageRow((entry) => sender.retry(entry), (entry) => sender.discard(entry));
        this.#newRows = () => new KeyedChildren(byId('messages'), (r) => row.create(r), (target, r) => row.paint(target, r));
        byId('back').replaceChildren(icon('back'));
        byId('back').onclick = () => route.close();
        byId('messages').addEventListener('keydown', (e) => e.key === 'Escape' && route.close());
        byId('composer').addEventListener('keydown', (e) => e.key === 'Escape' && !e.isComposing && route.close());
        this.#pill.onclick = () => {
            this.#scroll.toBottom();
            this.#show();
        };
        store.subscribe(() => this.#show());
    }

    #show() {
        const conversation = this.#store.open;
        if (this.#store.openId !== this.#shownId) {
            this.#turnTo(conversation);
        }
        if (conversation !== null) {
            this.#divide(conversation);
            const rows = timeline(this.#store, conversation, this.#unreadAfter);
            this.#scroll.through(() => this.#children.show(rows));
            this.#place(conversation);
            this.#read(conversation);
            this.#showPill(conversation);
            this.#wantOlder(conversation);
        }
    }

    #turnTo(conversation) {
        this.#shownId = conversation?.id ?? null;
        this.#placed = false;
        this.#unreadAfter = null;
        this.#seenSeq = 0;
        byId('app').classList.toggle('chatting', conversation !== null);
        byId('no-chat').hidden = conversation !== null;
        byId('chat-pane').hidden = conversation === null;
        byId('messages').replaceChildren();
        this.#children = this.#newRows();
        if (conversation !== null) {
            this.#scroll.toBottom();
            byId('chat-avatar').replaceChildren(avatar(conversation.name, conversation.kind));
            setText(byId('chat-title'), conversation.name);
            byId('messages').setAttribute('aria-label', `Messages with ${conversation.name}`);
            this.#composer.turnTo(conversation);
        }
    }

    /** The divider stands below what was read when the reader came (or came back), and stays there while he is here. */
    #divide(conversation) {
        const arriving = !this.#placed || !this.#attention.here;
        if (arriving && conversation.unread > 0) {
            this.#unreadAfter = conversation.readUpTo;
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
        const unseen = conversation.messages.filter((m) => m.seq > this.#seenSeq && m.sender !== this.#store.me).length;
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

    #send(sender, text) {
        this.#unreadAfter = null;
        this.#scroll.toBottom();
        sender.say(this.#shownId, text);
    }
}
