/**
 * Runs commands that must take effect once: edits, recalls, reactions, group and friend commands.
 *
 * Each command has an operation id (ClientFrame.operation_id). If its answer is lost, or says to try again, the page sends it
 * again with the same id for 15 s, and the server answers the repetition as the first. A user who then repeats the same
 * command as the next one in this conversation repeats it under the same id.
 */
import { randomId } from '../random-id.js';
import { int } from './json.js';

/** @typedef {import('./requests.js').Requests} Requests */

const RETRY_MILLIS = 1_000;
const MAX_RETRY_MILLIS = 15_000;

/**
 * @typedef {object} Operation
 * @property {string} kind
 * @property {any} value
 * @property {string} operationId
 * @property {number} until when the page stops sending it again, in milliseconds
 * @property {boolean} sent
 * @property {(answer: [string, any]) => void} resolve
 */

export class Operations {
    /** @type {Requests} */
    #requests;
    /** @type {Map<Operation, number>} Operation → when to send it again, in milliseconds. */
    #dueAt = new Map();
    /** @type {Map<string, Operation>} Conversation id → its last operation, if that was given up without an answer. */
    #undecided = new Map();

    /**
     * @param {Requests} requests
     * @param {Pick<import('./clock.js').Clock, 'onTick'>} clock
     */
    constructor(requests, clock) {
        this.#requests = requests;
        clock.onTick(() => this.#sendDue(Date.now()));
    }

    /**
     * Runs a command: its answer as [kind, value]. Without a connection the answer is `lost` at once.
     *
     * @param {string} kind of the frame
     * @param {{conversationId: string}} value
     * @returns {Promise<[string, any]>}
     */
    run(kind, value) {
        const before = this.#undecided.get(value.conversationId);
        this.#undecided.delete(value.conversationId);
        const operationId = before !== undefined && isSame(before, kind, value) ? before.operationId : randomId();
        return new Promise((resolve) => this.#send({ kind, value, operationId, until: Date.now() + MAX_RETRY_MILLIS, sent: false, resolve }));
    }

    /** @param {Operation} operation */
    #send(operation) {
        const { kind, value, operationId } = operation;
        this.#requests.send(kind, value, (answer, answered) => {
            if (answer !== 'accepted') {
                this.#answered(operation, answer, answered);
            }
            return answer !== 'accepted';
        }, operationId);
    }

    /** @param {Operation} operation */
    #answered(operation, answer, value) {
        const decided = answer !== 'lost' && !(answer === 'error' && value.retryable === true);
        operation.sent ||= answer !== 'lost' || value.sent === true;
        const now = Date.now();
        if (!decided && operation.sent && now < operation.until) {
            this.#dueAt.set(operation, now + Math.max(RETRY_MILLIS, int(value.retryAfterMs)));
            return;
        }
        if (!decided && operation.sent) {
            this.#undecided.set(operation.value.conversationId, operation);
        }
        operation.resolve([answer, value]);
    }

    #sendDue(now) {
        for (const [operation] of [...this.#dueAt].filter(([, dueAt]) => dueAt <= now)) {
            this.#dueAt.delete(operation);
            this.#send(operation);
        }
    }
}

function isSame(operation, kind, value) {
    return operation.kind === kind && JSON.stringify(operation.value) === JSON.stringify(value);
}
