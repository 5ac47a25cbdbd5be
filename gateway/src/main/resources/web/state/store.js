/**
 * The state of the whole page: conversations, the open one, the outbox and the connection.
 *
 * Events go in, state comes out: no network, no clock, no DOM. Listeners are called once per turn in which something changed.
 */
import { Conversation } from './conversation.js';
import { People } from './people.js';
import { Presences } from './presences.js';
import { totalUnread } from './total-unread.js';

export class Store {
    #listeners = new Set();
    /** Whether the listeners know all changes. */
    #notified = true;
    /** Conversations in which another user is typing. */
    #withTyping = new Set();

    /**
     * @param {string} me
     * @param {import('./outbox.js').Outbox} outbox
     */
    constructor(me, outbox) {
        this.me = me;
        this.outbox = outbox;
        /** @type {Map<string, Conversation>} */
        this.conversations = new Map();
        this.people = new People();
        this.presences = new Presences();
        this.openId = /** @type {string | null} */ (null);
        /** The sync token, as the server wrote it; null before the first sync. */
        this.version = /** @type {string | null} */ (null);
        /** Whether the page has synced since it connected. */
        this.synced = false;
        /** The state of the connection: see Connection. */
        this.connection = /** @type {import('../protocol/connection.js').ConnectionState} */ ({ name: 'connecting' });
        this.#addUnsent();
    }

    subscribe(listener) {
        this.#listeners.add(listener);
    }

    /** Calls the listeners, once for all changes of the same turn. */
    changed() {
        if (this.#notified) {
            this.#notified = false;
            setTimeout(() => {
                this.#notified = true;
                this.#listeners.forEach((listener) => listener());
            });
        }
    }

    /** The conversation of this id; creates it where there is none. */
    conversation(id) {
        let conversation = this.conversations.get(id);
        if (conversation === undefined) {
            conversation = new Conversation(id, this.me, this.people);
            this.conversations.set(id, conversation);
        }
        return conversation;
    }

    /** The open conversation, or null. */
    get open() {
        return this.openId === null ? null : this.conversation(this.openId);
    }

    openConversation(id) {
        this.openId = id;
        this.open?.problems.clear();
        this.open?.open();
        this.changed();
    }

    /** Removes a conversation that does not exist. */
    forget(id) {
        this.conversations.delete(id);
        this.changed();
    }

    /** Forgets all conversations: the server does not know the version of these views. A full sync follows. */
    reset() {
        this.version = null;
        this.conversations.clear();
        this.#withTyping.clear();
        this.#addUnsent();
        this.open?.open();
        this.changed();
    }

    /**
     * @param {import('./types.js').View} view
     * @param {number} now in milliseconds
     */
    applyView(view, now) {
        const conversation = this.conversation(view.conversationId);
        conversation.applyView(view, now);
        if (view.conversationId === this.openId && conversation.window.from === Infinity) {
            conversation.open();
        }
        this.changed();
    }

    /** @param {import('./types.js').Head} head */
    applyHead(head) {
        this.conversation(head.conversationId).applyHead(head);
        this.changed();
    }

    /** @param {import('./types.js').Presence} presence */
    applyPresence(presence) {
        this.presences.apply(presence);
        this.changed();
    }

    /** Takes a typing notice that arrived at `now`. */
    applyTyping(conversationId, userId, now) {
        const conversation = this.conversation(conversationId);
        conversation.typing.started(userId, now);
        this.#withTyping.add(conversation);
        this.changed();
    }

    /** Removes the messages and typing notices that have expired by `now`, and old events that nothing shows. */
    expire(now) {
        for (const conversation of this.conversations.values()) {
            if (conversation.expire(now)) {
                this.changed();
            }
            conversation.trim(conversation.id === this.openId, now);
        }
        for (const conversation of this.#withTyping) {
            if (conversation.typing.expire(now)) {
                this.changed();
            }
            if (conversation.typing.userIds.length === 0) {
                this.#withTyping.delete(conversation);
            }
        }
    }

    /** Applies events, live or from history. Returns the messages that the page did not know. */
    applyEvents(conversationId, events) {
        const conversation = this.conversation(conversationId);
        const newMessages = [];
        for (const event of events) {
            if (event.kind === 'message' && event.message.sender === this.me) {
                this.outbox.settle(conversationId, event.message.clientMsgId);
            }
            const message = conversation.apply(event);
            if (message !== null) {
                newMessages.push(message);
            }
        }
        this.changed();
        return newMessages;
    }

    /** Marks the seqs in [from, to] that history does not hold. */
    markEmpty(conversationId, from, to) {
        const conversation = this.conversation(conversationId);
        for (let seq = from; seq <= to; seq++) {
            conversation.markEmpty(seq);
        }
        this.changed();
    }

    /** The conversations of the list: pinned ones first, then by their newest message. */
    get listed() {
        return [...this.conversations.values()]
            .filter((conversation) => this.#isListed(conversation))
            .map((conversation) => ({ conversation, pinned: Number(conversation.settings.pinned), at: this.#lastAt(conversation) }))
            .sort((a, b) => b.pinned - a.pinned || b.at - a.at || (a.conversation.id < b.conversation.id ? -1 : 1))
            .map((entry) => entry.conversation);
    }

    /** The badge: unread messages of all conversations that are neither muted nor hidden. */
    get totalUnread() {
        return totalUnread(this.conversations.values());
    }

    /** A conversation with a message to send is listed, also before the server knows it. */
    #addUnsent() {
        this.outbox.conversationIds.forEach((id) => this.conversation(id));
    }

    /** The open conversation is always listed, and so is one with a message to send. */
    #isListed({ id, lastSeq, settings, group }) {
        const shown = (lastSeq > 0 || settings.draft !== '') && !settings.hidden && group?.declined !== true;
        return shown || id === this.openId || this.outbox.of(id).length > 0;
    }

    #lastAt(conversation) {
        const waiting = this.outbox.of(conversation.id).at(-1);
        const sentAt = conversation.preview?.sentAt ?? conversation.updatedAt;
        const isNew = conversation.id === this.openId && conversation.lastSeq === 0 && waiting === undefined;
        return Math.max(sentAt, waiting?.at ?? 0, isNew ? Infinity : 0);
    }
}
