/** The open conversation: its messages, the scroll position, and which of them count as read. */
import { text } from '../../texts/texts.js';
import { byId, KeyedChildren, setText } from '../components/dom.js';
import { icon } from '../components/icons.js';
import { ChatHeader } from './chat-header.js';
import { Composer } from './composer.js';
import { ForwardDialog } from './forward-dialog.js';
import { MessageMenu } from './message-menu.js';
import { MessageRow } from './message-row.js';
import { PageFocus } from './page-focus.js';
import { ReadOnlyFooter } from './read-only-footer.js';
import { ReceiptsDialog } from './receipts-dialog.js';
import { Scroll } from './scroll.js';
import { timeline } from './timeline.js';

/** @typedef {import('../../state/store.js').Store} Store */
/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

export class ChatView {
    /** @type {Store} */
    #store;
    #readPositions;
    #drafts;
    #scroll;
    #composer;
    #header;
    #footer;
    #children;
    #newRows;
    #pill = byId('new-messages');
    #focus = new PageFocus(() => this.#show());
    #shownId = /** @type {any} */ (null);
    /** Whether the view has scrolled to where the user starts to read. */
    #placed = false;
    /** The unread divider stands below this seq; null: there is none. */
    #unreadAfter = /** @type {number | null} */ (null);
    /** The newest seq that was visible at the bottom. */
    #seenSeq = 0;
    /** The message to scroll to as soon as it is loaded; 0: none. */
    #targetSeq = 0;
    /** The conversation that opens at a message; null: none. */
    #opening = /** @type {{conversationId: string, seq: number} | null} */ (null);
    #route;

    /**
     * @param {Store} store
     * @param {import('../page/route.js').Route} route
     * @param {import('../../protocol/requests.js').Requests} requests
     * @param {{sender: import('../../protocol/message-sender.js').MessageSender,
     *     readPositions: import('../../protocol/read-positions.js').ReadPositions,
     *     commands: import('../../protocol/commands.js').Commands, account: import('../../protocol/account.js').Account,
     *     drafts: import('../../protocol/drafts.js').Drafts,
     *     typing: import('../../protocol/typing-notifier.js').TypingNotifier}} protocol
     */
    constructor(store, route, requests, { sender, readPositions, commands, account, drafts, typing }) {
        this.#store = store;
        this.#route = route;
        this.#readPositions = readPositions;
        this.#drafts = drafts;
        this.#scroll = new Scroll(byId('messages'), () => this.#show());
        this.#header = new ChatHeader(store, route, requests, commands, account, (seq) => this.#goTo(seq));
        this.#footer = new ReadOnlyFooter(store, route, commands, account);
        // The composer and the messages are visible only while a conversation is open.
        const open = () => /** @type {Conversation} */ (store.open);
        this.#composer = new Composer({
            send: (draft) => this.#send(sender, draft),
            typed: () => typing.typed(open()),
            draft: (content) => drafts.write(open(), content),
            edit: (seq, content, mentions) => commands.edit(open(), seq, content, mentions),
            editLast: () => this.#editLast(),
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
            react: (seq, reaction, remove) => commands.react(open(), seq, reaction, remove),
        });
        this.#newRows = () => new KeyedChildren(byId('messages'), (r) => row.create(r), (target, r) => row.paint(target, r));
        byId('back').replaceChildren(icon('back'));
        byId('back').onclick = () => route.close();
        byId('messages').addEventListener('keydown', (e) => e.key === 'Escape' && route.close());
        byId('composer').addEventListener('keydown', (e) => e.key === 'Escape' && !e.isComposing && !e.defaultPrevented && route.close());
        this.#pill.onclick = () => this.#goToNewest();
        store.subscribe(() => this.#show());
    }

    #show() {
        const conversation = this.#store.open;
        if (this.#store.openId !== this.#shownId) {
            this.#drafts.flush();
            this.#switchTo(conversation);
        }
        if (conversation !== null) {
            this.#header.show(conversation);
            this.#footer.show(conversation);
            this.#composer.show(conversation);
            this.#placeDivider(conversation);
            conversation.window.limit(conversation.shownEntries, this.#scroll.atBottom);
            const rows = timeline(this.#store, conversation, this.#unreadAfter);
            this.#scroll.keepPosition(() => this.#children.show(rows), conversation.window.isNewest);
            this.#scrollToStart(conversation);
            this.#markRead(conversation);
            this.#showPill(conversation);
            this.#grow(conversation);
            this.#scrollToTarget(conversation);
        }
    }

    /** Opens a conversation at a message. */
    openAt(conversationId, seq) {
        this.#opening = { conversationId, seq };
        this.#route.open(conversationId);
        this.#goTo(seq);
    }

    #switchTo(/** @type {Conversation | null} */ conversation) {
        this.#shownId = conversation?.id ?? null;
        this.#placed = false;
        this.#unreadAfter = null;
        this.#seenSeq = 0;
        this.#targetSeq = this.#opening !== null && this.#opening.conversationId === this.#shownId ? this.#opening.seq : 0;
        this.#opening = null;
        byId('app').classList.toggle('chatting', conversation !== null);
        byId('no-chat').hidden = conversation !== null;
        byId('chat-pane').hidden = conversation === null;
        byId('messages').replaceChildren();
        this.#children = this.#newRows();
        if (conversation !== null) {
            this.#scroll.toBottom();
            this.#composer.switchTo(conversation);
        }
    }

    /** The divider stays below the messages that were read when the user opened the chat, or came back to the page. */
    #placeDivider(/** @type {Conversation} */ conversation) {
        const arriving = !this.#placed || !this.#focus.isFocused;
        if (arriving && conversation.readState.unread > 0) {
            this.#unreadAfter = conversation.readState.readUpTo;
        }
    }

    #scrollToStart(/** @type {Conversation} */ conversation) {
        const { isNewest } = conversation.window;
        const known = !isNewest || conversation.knows(conversation.lastSeq) || (conversation.lastSeq === 0 && this.#store.synced);
        if (!this.#placed && known) {
            this.#placed = true;
            const divider = this.#children.find('unread');
            if (isNewest) {
                divider === undefined ? this.#scroll.toBottom() : this.#scroll.upTo(divider);
            }
            this.#seenSeq = conversation.lastSeq;
        }
    }

    /** Opening the chat reads all messages; later ones count as read when they are visible. */
    #markRead(/** @type {Conversation} */ conversation) {
        if (this.#placed && this.#seesNewest(conversation)) {
            this.#seenSeq = conversation.lastSeq;
        }
        if (this.#placed && this.#focus.isFocused && conversation.lastSeq > 0) {
            this.#readPositions.markRead(conversation, this.#seenSeq);
        }
    }

    #showPill(/** @type {Conversation} */ conversation) {
        const unseen = conversation.known.count(this.#seenSeq, Infinity, (e) => e.kind === 'message' && e.sender !== this.#store.me);
        const isHidden = this.#seesNewest(conversation);
        const looks = `${isHidden} ${unseen}`;
        if (this.#pill.dataset.looks !== looks) {
            this.#pill.dataset.looks = looks;
            this.#pill.hidden = isHidden;
            this.#pill.replaceChildren(...(unseen > 0 ? [text('chat.newMessages', { count: unseen })] : []), icon('down'));
            this.#pill.setAttribute('aria-label', unseen > 0 ? text('chat.goToNewMessages', { count: unseen }) : text('chat.goToNewest'));
        }
    }

    /** Shows older or newer messages where the user has scrolled near an end of the window. */
    #grow(/** @type {Conversation} */ conversation) {
        const isFilled = conversation.lastSeq > 0 && conversation.missing() === null;
        if (this.#placed && isFilled && this.#targetSeq === 0) {
            const grown = (this.#scroll.nearTop && conversation.wantOlder()) || (this.#scroll.nearBottom && conversation.wantNewer());
            if (grown) {
                this.#store.changed();
            }
        }
    }

    #seesNewest(/** @type {Conversation} */ conversation) {
        return this.#scroll.atBottom && conversation.window.isNewest;
    }

    #goToNewest() {
        const { open } = this.#store;
        if (open !== null && !open.window.isNewest) {
            open.open();
        }
        this.#scroll.toBottom();
        this.#show();
    }

    #send(sender, draft) {
        this.#unreadAfter = null;
        this.#goToNewest();
        sender.send(this.#shownId, draft);
    }

    #editLast() {
        const { me, open } = this.#store;
        const last = open?.entries.findLast((e) => e.kind === 'message' && e.sender === me);
        if (last !== undefined && last.recalledBy === null && last.url === null) {
            this.#composer.edit(last);
        }
    }

    /** Scrolls to a message, which history may have to load first. */
    #goTo(seq) {
        this.#targetSeq = seq;
        const { open } = this.#store;
        open?.window.showAround(seq, open.lastSeq);
        this.#store.changed();
    }

    #scrollToTarget(/** @type {Conversation} */ conversation) {
        const seq = this.#targetSeq;
        const row = seq > 0 ? byId('messages').querySelector(`.message[data-seq="${seq}"]`) : null;
        if (row !== null) {
            this.#targetSeq = 0;
            this.#scroll.to(row);
        } else if (seq > 0 && conversation.knows(seq)) {
            this.#targetSeq = 0;
            setText(byId('composer-problem'), text('refusal.MESSAGE_NOT_FOUND'));
        }
    }
}
