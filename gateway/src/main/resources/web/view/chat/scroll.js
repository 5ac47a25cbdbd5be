/**
 * Keeps the scroll position of a box when its content changes: at the bottom if it was there, else at the first visible
 * message.
 */
const NEAR_BOTTOM_PIXELS = 40;
/** The time for which a found message stays highlighted. */
const FOUND_MILLIS = 2_000;

export class Scroll {
    /** @type {HTMLElement} */
    #box;

    /**
     * @param {HTMLElement} box
     * @param {() => void} onMove called when the user scrolls
     */
    constructor(box, onMove) {
        this.#box = box;
        this.atBottom = true;
        box.addEventListener('scroll', () => {
            this.#update();
            onMove();
        }, { passive: true });
        // A phone's keyboard opens, the composer grows, the window changes its size.
        new ResizeObserver(() => this.atBottom && this.toBottom()).observe(box);
    }

    toBottom() {
        this.atBottom = true;
        this.#box.scrollTop = this.#box.scrollHeight;
    }

    /** Scrolls up to a row if it is above the last screen; otherwise to the bottom, where the row is visible. */
    upTo(row) {
        this.toBottom();
        const above = this.#box.getBoundingClientRect().top + 12 - row.getBoundingClientRect().top;
        if (above > 0) {
            this.#box.scrollTop -= above;
        }
        this.#update();
    }

    /** Scrolls a row into the middle of the box, and highlights it for a moment. */
    to(row) {
        const box = this.#box.getBoundingClientRect();
        const at = row.getBoundingClientRect();
        this.#box.scrollTop += at.top - box.top - (box.height - at.height) / 2;
        this.#update();
        row.classList.remove('found');
        requestAnimationFrame(() => row.classList.add('found'));
        setTimeout(() => row.classList.remove('found'), FOUND_MILLIS);
    }

    /** Whether the bottom is less than one screen away. */
    get nearBottom() {
        const { scrollTop, clientHeight, scrollHeight } = this.#box;
        return scrollHeight - scrollTop - clientHeight < clientHeight;
    }

    /** Whether the top is less than one screen away. */
    get nearTop() {
        return this.#box.scrollTop < this.#box.clientHeight;
    }

    /**
     * Runs a change of the content and keeps the scroll position.
     *
     * @param {() => void} change
     * @param {boolean} followsBottom whether to stay at the bottom, if it was there
     */
    keepPosition(change, followsBottom) {
        if (this.atBottom && followsBottom) {
            change();
            this.toBottom();
            return;
        }
        const anchor = this.#firstVisibleMessage();
        const before = anchor?.getBoundingClientRect().top ?? 0;
        change();
        if (anchor?.isConnected) {
            this.#box.scrollTop += anchor.getBoundingClientRect().top - before;
        }
    }

    #firstVisibleMessage() {
        const top = this.#box.getBoundingClientRect().top;
        for (const row of this.#box.querySelectorAll('.message')) {
            if (row.getBoundingClientRect().bottom > top) {
                return row;
            }
        }
        return null;
    }

    #update() {
        const { scrollTop, clientHeight, scrollHeight } = this.#box;
        this.atBottom = scrollHeight - scrollTop - clientHeight <= NEAR_BOTTOM_PIXELS;
    }
}
