/** Acknowledges live deliveries cumulatively: up to the first that is missing, several at a time. */

/** @typedef {import('./connection.js').Connection} Connection */

const DELAY_MILLIS = 100;
const MAX_UNACKNOWLEDGED = 32;

export class Acks {
    /** @type {Pick<Connection, 'send'>} */
    #connection;
    /** Every delivery up to this one has arrived. */
    #upTo = 0;
    #acked = 0;
    /** Deliveries beyond a missing one. */
    #beyond = new Set();
    #timer = /** @type {any} */ (null);

    /** @param {Pick<Connection, 'send'>} connection */
    constructor(connection) {
        this.#connection = connection;
    }

    /** Starts again: the deliveries of a new session count from 1. */
    restart() {
        this.#upTo = 0;
        this.#acked = 0;
        this.#beyond.clear();
    }

    received(deliverySeq) {
        if (deliverySeq > this.#upTo) {
            this.#beyond.add(deliverySeq);
            while (this.#beyond.delete(this.#upTo + 1)) {
                this.#upTo++;
            }
        } else {
            // A redelivery: the ack was lost or late.
            this.#acked = Math.min(this.#acked, deliverySeq - 1);
        }
        if (this.#upTo - this.#acked >= MAX_UNACKNOWLEDGED) {
            this.#flush();
        } else {
            this.#timer ??= setTimeout(() => this.#flush(), DELAY_MILLIS);
        }
    }

    #flush() {
        clearTimeout(this.#timer);
        this.#timer = null;
        if (this.#upTo > this.#acked && this.#connection.send({ ack: { upTo: String(this.#upTo) } })) {
            this.#acked = this.#upTo;
        }
    }
}
