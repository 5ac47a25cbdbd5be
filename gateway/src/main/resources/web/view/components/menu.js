/** A menu that opens at a button and closes by itself; works with the mouse, touch and the arrow keys. */
import { text } from '../../texts/texts.js';
import { element } from './dom.js';

const EDGE_PIXELS = 8;

export class Menu {
    #box;

    /** `parent`: the dialog that the menu opens from, if any. */
    constructor(testId, parent = document.body) {
        this.#box = element('div', { class: 'menu', role: 'menu', popover: 'auto', 'data-testid': testId });
        this.#box.addEventListener('keydown', (e) => this.#moveFocus(e));
        parent.append(this.#box);
    }

    /**
     * Opens the menu.
     *
     * @param {{getBoundingClientRect: () => DOMRect}} anchor
     * @param {{label: string, testId: string, act: () => any, danger?: boolean}[]} items below each other
     * @param {{label: string, testId: string, act: () => any, pressed: boolean}[]} symbols in a row above
     */
    show(anchor, items, symbols = []) {
        const row = element('div', { class: 'symbols', role: 'group', 'aria-label': text('message.react') }, ...symbols.map((symbol) => this.#symbol(symbol)));
        this.#box.replaceChildren(...(symbols.length > 0 ? [row] : []), ...items.map((item) => this.#item(item)));
        this.#box.showPopover();
        this.#moveTo(anchor.getBoundingClientRect());
        this.#buttons[0]?.focus();
    }

    get #buttons() {
        return [...this.#box.querySelectorAll('button')];
    }

    #item({ label, testId, danger = false, act }) {
        return this.#button({ class: danger ? 'item danger' : 'item', role: 'menuitem', 'data-testid': testId }, label, act);
    }

    #symbol({ label, pressed, testId, act }) {
        return this.#button({ class: 'symbol', role: 'menuitemcheckbox', 'aria-checked': String(pressed), 'data-testid': testId }, label, act);
    }

    #button(attributes, label, act) {
        const button = element('button', { type: 'button', ...attributes }, label);
        button.onclick = () => {
            this.#box.hidePopover();
            act();
        };
        return button;
    }

    /** Moves the menu below the anchor, or above it if there is no room; always on the screen. */
    #moveTo(anchor) {
        const { width, height } = this.#box.getBoundingClientRect();
        const below = anchor.bottom + 4;
        const top = below + height + EDGE_PIXELS > innerHeight ? anchor.top - height - 4 : below;
        const within = (value, size, room) => Math.max(EDGE_PIXELS, Math.min(value, room - size - EDGE_PIXELS));
        this.#box.style.top = `${within(top, height, innerHeight)}px`;
        this.#box.style.left = `${within(anchor.left, width, innerWidth)}px`;
    }

    #moveFocus(e) {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
        if (step !== undefined) {
            e.preventDefault();
            const buttons = this.#buttons;
            const at = buttons.indexOf(document.activeElement);
            buttons.at((at + step) % buttons.length).focus();
        } else if (e.key === 'Tab') {
            this.#box.hidePopover();
        }
    }
}

/**
 * Calls `show(anchor)` for a context menu: the right mouse button, a long press, or the keyboard's menu key. Waits until the
 * pointer is up, because releasing it would close the menu again.
 */
export function onContextMenu(target, show) {
    let pressed = false;
    target.addEventListener('pointerdown', () => (pressed = true));
    addEventListener('pointerup', () => (pressed = false));
    addEventListener('pointercancel', () => (pressed = false));
    target.addEventListener('contextmenu', (e) => {
        e.preventDefault();
        const at = new DOMRect(e.clientX, e.clientY, 0, 0);
        const open = () => setTimeout(() => show({ getBoundingClientRect: () => at }));
        if (pressed) {
            addEventListener('pointerup', open, { once: true });
        } else {
            open();
        }
    });
}
