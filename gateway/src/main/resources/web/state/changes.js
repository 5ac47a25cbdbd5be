/**
 * What became of messages after they were sent: edits, recalls and reactions, by the seq of the message they are about.
 *
 * The greatest seq wins, so each may come twice, in any order, and before its message.
 */

/** What is left of a recalled message: what was said with it goes with it. */
const NOTHING = { text: '', url: null, mentions: { all: false, userIds: [] }, replyTo: null, forwardedFrom: null, edited: false, reactions: [] };

export class Changes {
    /** Of the message → {seq, text, url, mentions}. */
    #edits = new Map();
    /** Of the message → {seq, by, sender, countable}. */
    #recalls = new Map();
    /** Of the message → `user reaction` → {seq, userId, reaction, removed}. */
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

    /** The message, or its preview, as it stands: with `edited`, `recalledBy` (null: it is there) and `reactions`. */
    applied(message) {
        const recall = this.#recalls.get(message.seq);
        if (recall !== undefined) {
            return { ...message, ...NOTHING, recalledBy: recall.by };
        }
        const edit = this.#edits.get(message.seq);
        const { text, url, mentions } = edit ?? message;
        return { ...message, text, url, mentions, edited: edit !== undefined, recalledBy: null, reactions: this.#reactionsTo(message.seq) };
    }

    /** Unread messages of others in (after, to] that were taken back by events beyond `to`. */
    recalledLater(after, to, me) {
        const recalls = [...this.#recalls].filter(([target]) => target > after && target <= to);
        return recalls.filter(([, recall]) => recall.seq > to && recall.countable && recall.sender !== me).length;
    }

    /** [{reaction, userIds}], the first one first. */
    #reactionsTo(target) {
        const there = [...(this.#reactions.get(target)?.values() ?? [])].filter((change) => !change.removed);
        const users = new Map();
        for (const { reaction, userId } of there.sort((a, b) => a.seq - b.seq)) {
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
