/**
 * Edits, recalls and reactions, by the seq of the message that they change.
 *
 * The greatest seq wins, so each may arrive twice, in any order, and before its message.
 */

/** Replaces the content of a recalled message. */
const EMPTY = { text: '', url: null, mentions: { all: false, userIds: [] }, replyTo: null, forwardedFrom: null, edited: false, reactions: [] };

export class MessageChanges {
    /** Seq of the message → {seq, text, url, mentions}. */
    #edits = new Map();
    /** Seq of the message → {seq, by, sender, countable}. */
    #recalls = new Map();
    /** Seq of the message → `user reaction` → {seq, userId, reaction, removed}. */
    #reactions = new Map();

    edit(target, edit) {
        keepGreatest(this.#edits, target, edit);
    }

    recall(target, recall) {
        keepGreatest(this.#recalls, target, recall);
    }

    react(target, change) {
        if (!this.#reactions.has(target)) {
            this.#reactions.set(target, new Map());
        }
        keepGreatest(this.#reactions.get(target), `${change.userId} ${change.reaction}`, change);
    }

    isRecalled(target) {
        return this.#recalls.has(target);
    }

    /** Drops the changes by events up to a seq, whose messages are before it. */
    forget(upTo) {
        for (const changes of [this.#edits, this.#recalls, ...this.#reactions.values()]) {
            [...changes].filter(([, { seq }]) => seq <= upTo).forEach(([key]) => changes.delete(key));
        }
        [...this.#reactions].filter(([, changes]) => changes.size === 0).forEach(([target]) => this.#reactions.delete(target));
    }

    /** Returns the message, or the preview, with its changes: adds `edited`, `recalledBy` (null: not recalled) and `reactions`. */
    applyTo(message) {
        const recall = this.#recalls.get(message.seq);
        if (recall !== undefined) {
            return { ...message, ...EMPTY, recalledBy: recall.by };
        }
        const edit = this.#edits.get(message.seq);
        const { text, url, mentions } = edit ?? message;
        return { ...message, text, url, mentions, edited: edit !== undefined, recalledBy: null, reactions: this.#reactionsTo(message.seq) };
    }

    /** Counts the messages of others in (after, to] that count as unread and were recalled by an event beyond `to`. */
    recalledLater(after, to, me) {
        const recalls = [...this.#recalls].filter(([target]) => target > after && target <= to);
        return recalls.filter(([, recall]) => recall.seq > to && recall.countable && recall.sender !== me).length;
    }

    /** [{reaction, userIds}], the oldest reaction first. */
    #reactionsTo(target) {
        const present = [...(this.#reactions.get(target)?.values() ?? [])].filter((change) => !change.removed);
        const users = new Map();
        for (const { reaction, userId } of present.sort((a, b) => a.seq - b.seq)) {
            users.set(reaction, [...(users.get(reaction) ?? []), userId]);
        }
        return [...users].map(([reaction, userIds]) => ({ reaction, userIds }));
    }
}

function keepGreatest(map, key, change) {
    if (change.seq >= (map.get(key)?.seq ?? 0)) {
        map.set(key, change);
    }
}
