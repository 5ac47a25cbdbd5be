/**
 * Where the reader is in a scrolling box, and keeping him there: at the bottom while he is at the bottom, else at the
 * message before his eyes, whatever is added above or below.
 */
const NEAR_BOTTOM_PIXELS = 40;

export class Scroll {
    #box;

    /** `onMove()`: the reader scrolled. */
    constructor(box, onMove) {
        this.#box = box;
        this.atBottom = true;
        box.addEventListener('scroll', () => {
            this.#look();
            onMove();
        }, { passive: true });
        // The keyboard of a phone comes up, the composer grows, the window is resized.
        new ResizeObserver(() => this.atBottom && this.toBottom()).observe(box);
    }

    toBottom() {
        this.atBottom = true;
        this.#box.scrollTop = this.#box.scrollHeight;
    }

    /** Puts a row near the top of the box, where it lies above it; otherwise it is in sight at the bottom. */
    upTo(row) {
        this.toBottom();
        const above = this.#box.getBoundingClientRect().top + 12 - row.getBoundingClientRect().top;
        if (above > 0) {
            this.#box.scrollTop -= above;
        }
        this.#look();
    }

    /** Puts a row into the middle of the box, and makes it stand out for a moment. */
    to(row) {
        const box = this.#box.getBoundingClientRect();
        const at = row.getBoundingClientRect();
        this.#box.scrollTop += at.top - box.top - (box.height - at.height) / 2;
        this.#look();
        row.classList.remove('found');
        requestAnimationFrame(() => row.classList.add('found'));
    }

    /** Whether the beginning is less than a screen away. */
    get nearTop() {
        return this.#box.scrollTop < this.#box.clientHeight;
    }

    /** Makes a change and keeps the reader's place through it. */
    through(change) {
        if (this.atBottom) {
            change();
            this.toBottom();
            return;
        }
        const anchor = this.#firstMessageInSight();
        const before = anchor?.getBoundingClientRect().top;
        change();
        if (anchor?.isConnected) {
            this.#box.scrollTop += anchor.getBoundingClientRect().top - before;
        }
    }

    #firstMessageInSight() {
        const top = this.#box.getBoundingClientRect().top;
        for (const row of this.#box.querySelectorAll('.message')) {
            if (row.getBoundingClientRect().bottom > top) {
                return row;
            }
        }
        return null;
    }

    #look() {
        const { scrollTop, clientHeight, scrollHeight } = this.#box;
        this.atBottom = scrollHeight - scrollTop - clientHeight <= NEAR_BOTTOM_PIXELS;
    }
}
