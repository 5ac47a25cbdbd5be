/** Pairs replies with requests by the frame's id, and tells each request when it will hear no more. */
const PATIENCE_MILLIS = 10_000;

export class Requests {
    #connection;
    #open = new Map();
    #count = 0;

    constructor(connection, clock) {
        this.#connection = connection;
        clock.onTick(() => this.#expire());
    }

    /**
     * Sends a frame with this body. `reply(kind, value)` is called for each answer and returns true after the last one;
     * with kind 'lost' where no (further) answer will come.
     */
    send(kind, value, reply) {
        const id = String(++this.#count);
        if (this.#connection.send({ id, [kind]: value })) {
            this.#open.set(id, { reply, at: Date.now() });
        } else {
            reply('lost', {});
        }
    }

    /** The same for what is answered once, but for `accepted` before it: the answer as [kind, value]. */
    ask(kind, value) {
        return new Promise((resolve) => {
            this.send(kind, value, (answer, answered) => {
                if (answer !== 'accepted') {
                    resolve([answer, answered]);
                }
                return answer !== 'accepted';
            });
        });
    }

    /** True where somebody waited for this. */
    answer(id, kind, value) {
        const request = this.#open.get(id);
        if (request === undefined) {
            return false;
        }
        request.at = Date.now();
        if (request.reply(kind, value)) {
            this.#open.delete(id);
        }
        return true;
    }

    /** The connection is gone, and its answers with it. */
    loseAll() {
        this.#lose([...this.#open.keys()]);
    }

    #expire() {
        const latest = Date.now() - PATIENCE_MILLIS;
        this.#lose([...this.#open].filter(([, request]) => request.at < latest).map(([id]) => id));
    }

    #lose(ids) {
        for (const id of ids) {
            const request = this.#open.get(id);
            this.#open.delete(id);
            request.reply('lost', {});
        }
    }
}
