/** Matches replies to requests by the frame's id, and ends a request that gets no reply in time. */

/** @typedef {import('./connection.js').Connection} Connection */

const TIMEOUT_MILLIS = 10_000;

export class Requests {
    /** @type {Pick<Connection, 'send'>} */
    #connection;
    /** Frame id → {reply, at}. */
    #open = new Map();
    #count = 0;

    /**
     * @param {Pick<Connection, 'send'>} connection
     * @param {Pick<import('./clock.js').Clock, 'onTick'>} clock
     */
    constructor(connection, clock) {
        this.#connection = connection;
        clock.onTick(() => this.#expire());
    }

    /**
     * Sends a frame.
     *
     * @param {string} kind the name of its body
     * @param {any} value
     * @param {(kind: string, value: any) => boolean} reply takes each answer, and returns whether it was the last one. The
     *     answer `lost`, with {sent}, is always the last one: there was no connection, or no reply in time
     * @param {string} operationId empty: none
     */
    send(kind, value, reply, operationId = '') {
        const id = String(++this.#count);
        if (this.#connection.send({ id, ...(operationId !== '' && { operationId }), [kind]: value })) {
            this.#open.set(id, { reply, at: Date.now() });
        } else {
            reply('lost', { sent: false });
        }
    }

    /**
     * Sends a frame that has one answer, apart from `accepted` before it.
     *
     * @returns {Promise<[string, any]>} the answer as [kind, value]
     */
    request(kind, value) {
        return new Promise((resolve) => {
            this.send(kind, value, (answer, answered) => {
                if (answer !== 'accepted') {
                    resolve([answer, answered]);
                }
                return answer !== 'accepted';
            });
        });
    }

    /** Passes a reply on. Returns whether a request was waiting for it. */
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

    /** Ends all requests: the connection is lost, and their replies with it. */
    disconnected() {
        this.#lose([...this.#open.keys()]);
    }

    #expire() {
        const oldest = Date.now() - TIMEOUT_MILLIS;
        this.#lose([...this.#open].filter(([, request]) => request.at < oldest).map(([id]) => id));
    }

    #lose(ids) {
        for (const id of ids) {
            const request = this.#open.get(id);
            this.#open.delete(id);
            request.reply('lost', { sent: true });
        }
    }
}
