/**
 * Everything the page shows: conversations, which one is open, the outbox and the state of the connection.
 *
 * Events in, state out: no network, no clock, no DOM. Views subscribe and are told once per turn that something changed.
 */
import { badge } from './badge.js';
import { Conversation } from './conversation.js';
import { Presences } from './presences.js';

export class Store {
    #listeners = new Set();
    #told = true;
    /** Conversations in which somebody is writing. */
    #writtenIn = new Set();

    constructor(me, outbox) {
        this.me = me;
        this.outbox = outbox;
        this.conversations = new Map();
        this.presences = new Presences();
        this.openId = null;
        /** The sync token, as the server wrote it; null before the first sync. */
        this.version = null;
        /** Whether everything up to the present has been asked for since the last connect. */
        this.synced = false;
        /** {name, retryAt?, code?}: see Connection. */
        this.connection = { name: 'connecting' };
    }

    subscribe(listener) {
        this.#listeners.add(listener);
    }

    /** Tells the views, once for all changes of the same turn. */
    changed() {
        if (this.#told) {
            this.#told = false;
            setTimeout(() => {
                this.#told = true;
                this.#listeners.forEach((listener) => listener());
            });
        }
    }

    /** The conversation of this id, new if need be. */
    conversation(id) {
        let conversation = this.conversations.get(id);
        if (conversation === undefined) {
            conversation = new Conversation(id, this.me);
            this.conversations.set(id, conversation);
        }
        return conversation;
    }

    get open() {
        return this.openId === null ? null : this.conversation(this.openId);
    }

    openConversation(id) {
        this.openId = id;
        this.open?.problems.clear();
        this.open?.open();
        this.changed();
    }

    /** Forgets all conversations: the server does not know the version of these views. A full sync follows. */
    reset() {
        this.version = null;
        this.conversations.clear();
        this.#writtenIn.clear();
        this.open?.open();
        this.changed();
    }

    applyView(view) {
        const conversation = this.conversation(view.conversationId);
        conversation.applyView(view);
        if (view.conversationId === this.openId && conversation.wantedFrom === Infinity) {
            conversation.open();
        }
        this.changed();
    }

    applyHead(head) {
        this.conversation(head.conversationId).applyHead(head);
        this.changed();
    }

    applyPresence(presence) {
        this.presences.apply(presence);
        this.changed();
    }

    /** Somebody is writing, as heard at `now`. */
    applyTyping(conversationId, userId, now) {
        const conversation = this.conversation(conversationId);
        conversation.typing.heard(userId, now);
        this.#writtenIn.add(conversation);
        this.changed();
    }

    /** Who has not been heard of for a while has stopped writing; messages past their time are not shown any more. */
    fade(now) {
        for (const conversation of this.conversations.values()) {
            if (conversation.expire(now)) {
                this.changed();
            }
        }
        for (const conversation of this.#writtenIn) {
            if (conversation.typing.fade(now)) {
                this.changed();
            }
            if (conversation.typing.userIds.length === 0) {
                this.#writtenIn.delete(conversation);
            }
        }
    }

    /** Applies events, live or from history; returns the messages among them that were not known. */
    applyEvents(conversationId, events) {
        const conversation = this.conversation(conversationId);
        const news = [];
        for (const event of events) {
            if (event.kind === 'message' && event.message.sender === this.me) {
                this.outbox.settle(conversationId, event.message.clientMsgId);
            }
            const message = conversation.apply(event);
            if (message !== null) {
                news.push(message);
            }
        }
        this.changed();
        return news;
    }

    /** Seqs up to `to` that history was asked for and does not hold. */
    applyNothingBetween(conversationId, from, to) {
        const conversation = this.conversation(conversationId);
        for (let seq = from; seq <= to; seq++) {
            conversation.applyNothingAt(seq);
        }
        this.changed();
    }

    /**
     * Conversations for the list, those that are pinned first, then the newest: with a word said and not hidden, one being
     * written to, and the open one.
     */
    get listed() {
        return [...this.conversations.values()]
            .filter((c) => ((c.lastSeq > 0 || c.settings.draft !== '') && !c.settings.hidden) || c.id === this.openId || this.outbox.of(c.id).length > 0)
            .map((conversation) => ({ conversation, pinned: Number(conversation.settings.pinned), at: this.#lastAt(conversation) }))
            .sort((a, b) => b.pinned - a.pinned || b.at - a.at || (a.conversation.id < b.conversation.id ? -1 : 1))
            .map((entry) => entry.conversation);
    }

    /** As in the badge of a notification: without conversations that are muted or hidden. */
    get totalUnread() {
        return badge(this.conversations.values());
    }

    #lastAt(conversation) {
        const waiting = this.outbox.of(conversation.id).at(-1);
        const said = conversation.preview?.sentAt ?? conversation.updatedAt;
        const fresh = conversation.id === this.openId && conversation.lastSeq === 0 && waiting === undefined ? Infinity : 0;
        return Math.max(said, waiting?.at ?? 0, fresh);
    }
}
