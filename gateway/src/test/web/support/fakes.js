/** Small real stand-ins for parts of the browser and the connection: a clock, a storage, a recording connection. */
import { checkFields } from './contract.js';

/** A clock that ticks when the test says so. */
export class ManualClock {
    #listeners = [];

    onTick(listener) {
        this.#listeners.push(listener);
    }

    tick() {
        this.#listeners.forEach((listener) => listener());
    }
}

/** The storage of a tab, in memory. */
export class MemoryStorage {
    #items = new Map();

    getItem(key) {
        return this.#items.get(key) ?? null;
    }

    setItem(key, value) {
        this.#items.set(key, String(value));
    }

    removeItem(key) {
        this.#items.delete(key);
    }

    clear() {
        this.#items.clear();
    }

    get length() {
        return this.#items.size;
    }

    key(index) {
        return [...this.#items.keys()][index] ?? null;
    }
}

/** A connection that records the frames sent on it, and checks that the protocol has their fields. */
export class RecordingConnection {
    isOpen = true;
    frames = /** @type {any[]} */ ([]);

    send(frame) {
        checkFields(frame);
        if (this.isOpen) {
            this.frames.push(JSON.parse(JSON.stringify(frame)));
        }
        return this.isOpen;
    }

    /** The last frame sent. */
    get last() {
        return this.frames.at(-1);
    }

    /** The bodies of this kind, in the order in which they were sent. */
    sent(kind) {
        return this.frames.filter((frame) => frame[kind] !== undefined).map((frame) => frame[kind]);
    }
}
