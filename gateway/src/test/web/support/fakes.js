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

/** An element of the page: its children, its text, and handlers that the test calls. It keeps no attributes but the class. */
export class FakeElement {
    value = '';
    hidden = true;
    class = '';
    children = /** @type {any[]} */ ([]);
    oninput = () => {};
    onchange = () => {};
    #parent = /** @type {FakeElement | null} */ (null);

    addEventListener() {
        // the tests type, and press no keys
    }

    setAttribute(name, value) {
        if (name === 'class') {
            this.class = value;
        }
    }

    append(...children) {
        children.filter((child) => child instanceof FakeElement).forEach((child) => (child.#parent = this));
        this.children.push(...children);
    }

    replaceChildren(...children) {
        this.children = [];
        this.append(...children);
    }

    remove() {
        const parent = /** @type {FakeElement} */ (this.#parent);
        parent.children = parent.children.filter((child) => child !== this);
    }

    /** Finds a child by one of several classes, such as `.more, .note`. */
    querySelector(selector) {
        return this.children.find((child) => selector.split(', ').includes(`.${child.class}`)) ?? null;
    }

    get childElementCount() {
        return this.children.length;
    }

    get textContent() {
        return this.children.map((child) => (typeof child === 'string' ? child : child.textContent)).join('');
    }
}
