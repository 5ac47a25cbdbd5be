/** Building and keeping elements. Text goes in as text only, never as markup. */

export function byId(id) {
    return document.getElementById(id);
}

/** An element with attributes (class, data-…, aria-…) and children: elements, or strings as text. */
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

/** Sets an attribute, or takes it away where the value is null. */
export function setAttribute(target, name, value) {
    if (value === null) {
        target.removeAttribute(name);
    } else if (target.getAttribute(name) !== String(value)) {
        target.setAttribute(name, value);
    }
}

/** Sets the text where it differs, so that nothing is announced or laid out again for nothing. */
export function setText(target, text) {
    if (target.textContent !== text) {
        target.textContent = text;
    }
}

/**
 * Keeps the children of one element equal to a list of rows. A row has a `key`, which stays with its element, and a
 * `look`, a string that changes when the element has to be painted anew.
 */
export class KeyedChildren {
    #parent;
    #create;
    #paint;
    #kept = new Map();

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
        return this.#kept.get(key)?.child;
    }

    #elementOf(row) {
        let kept = this.#kept.get(row.key);
        if (kept === undefined) {
            kept = { child: this.#create(row), look: null };
            this.#kept.set(row.key, kept);
        }
        if (kept.look !== row.look) {
            kept.look = row.look;
            this.#paint(kept.child, row);
        }
        return kept.child;
    }

    #removeAllBut(keys) {
        for (const [key, { child }] of this.#kept) {
            if (!keys.has(key)) {
                child.remove();
                this.#kept.delete(key);
            }
        }
    }

    /** Moving takes the focus away; give it back. */
    #move(child, next) {
        const focused = child.contains(document.activeElement) ? document.activeElement : null;
        this.#parent.insertBefore(child, next);
        focused?.focus({ preventScroll: true });
    }
}
