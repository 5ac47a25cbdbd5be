/** Makes and updates elements. Text is always inserted as text, never as markup. */

/** @returns {any} the element with this id; index.html has one for each id in use */
export function byId(id) {
    return document.getElementById(id);
}

/**
 * Makes an element.
 *
 * @param {string} tag
 * @param {Record<string, any>} attributes class, data-…, aria-…; null and false leave one out
 * @param {...(Node | string)} children strings are text
 * @returns {any}
 */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== null && value !== false) {
            made.setAttribute(name, value === true ? '' : value);
        }
    }
    made.append(...children);
    return made;
}

/** Sets an attribute, or removes it where the value is null. */
export function setAttribute(target, name, value) {
    if (value === null) {
        target.removeAttribute(name);
    } else if (target.getAttribute(name) !== String(value)) {
        target.setAttribute(name, value);
    }
}

/** Sets the text if it differs, so the browser neither announces nor lays out the same text again. */
export function setText(target, text) {
    if (target.textContent !== text) {
        target.textContent = text;
    }
}

/**
 * Keeps the children of an element equal to a list of rows. A row has a `key`, which stays with its element, and a `look`, a
 * string that changes when the element has to be painted again.
 */
export class KeyedChildren {
    #parent;
    #create;
    #paint;
    /** Key → {child, look}. */
    #byKey = new Map();

    /** `create(row)` makes the element, `paint(element, row)` fills it. */
    constructor(parent, create, paint) {
        this.#parent = parent;
        this.#create = create;
        this.#paint = paint;
    }

    show(rows) {
        this.#removeAllBut(new Set(rows.map((row) => row.key)));
        let next = this.#parent.firstChild;
        for (const row of rows) {
            const child = this.#elementOf(row);
            if (child === next) {
                next = next.nextSibling;
            } else {
                this.#move(child, next);
            }
        }
    }

    /** The element of a key, or undefined. */
    find(key) {
        return this.#byKey.get(key)?.child;
    }

    #elementOf(row) {
        let kept = this.#byKey.get(row.key);
        if (kept === undefined) {
            kept = { child: this.#create(row), look: null };
            this.#byKey.set(row.key, kept);
        }
        if (kept.look !== row.look) {
            kept.look = row.look;
            this.#paint(kept.child, row);
        }
        return kept.child;
    }

    #removeAllBut(keys) {
        for (const [key, { child }] of this.#byKey) {
            if (!keys.has(key)) {
                child.remove();
                this.#byKey.delete(key);
            }
        }
    }

    /** Moves an element, and restores the focus that moving takes away. */
    #move(child, next) {
        const focused = child.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
        this.#parent.insertBefore(child, next);
        focused?.focus({ preventScroll: true });
    }
}
