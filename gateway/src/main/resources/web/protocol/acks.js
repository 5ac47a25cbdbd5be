/** Acknowledges live deliveries: cumulatively, without claiming what is not there yet, a few at a time. */
const DELAY_MILLIS = 100;
const MOST_UNACKNOWLEDGED = 32;

export class Acks {
    #connection;
    #upTo = 0;
    #acked = 0;
    #beyond = new Set();
    #timer = null;

    constructor(connection) {
        this.#connection = connection;
    }

    /** A new session counts from 1. */
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
            // Sent again, so our ack was lost or late.
            this.#acked = Math.min(this.#acked, deliverySeq - 1);
        }
        if (this.#upTo - this.#acked >= MOST_UNACKNOWLEDGED) {
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
