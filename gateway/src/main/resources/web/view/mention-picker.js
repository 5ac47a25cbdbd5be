/** Offers the members of a group to whoever types @: arrows choose, Enter or Tab takes, Escape goes on without. */
import { avatar } from './avatar.js';
import { byId, element, setAttribute } from './dom.js';

const BEGUN = /(?:^|\s)@([A-Za-z0-9_.-]*)$/;
const MOST = 6;

export class MentionPicker {
    #text;
    #onTaken;
    #list = byId('mentions');
    #group = null;
    #me;
    #offered = [];
    #chosen = 0;

    /** `onTaken()`: the text was changed. */
    constructor(text, onTaken) {
        this.#text = text;
        this.#onTaken = onTaken;
        text.addEventListener('input', () => this.#look());
        text.addEventListener('blur', () => this.#offer([]));
        // Keeps the focus in the text.
        this.#list.addEventListener('pointerdown', (e) => e.preventDefault());
    }

    turnTo({ group, me }) {
        this.#group = group;
        this.#me = me;
        this.#offer([]);
    }

    /** Whether a key was meant for the picker. */
    key(e) {
        if (this.#offered.length === 0 || e.isComposing) {
            return false;
        }
        const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
        if (step !== undefined) {
            this.#chosen = (this.#chosen + step + this.#offered.length) % this.#offered.length;
            this.#show();
        } else if (e.key === 'Enter' || e.key === 'Tab') {
            this.#take(this.#offered[this.#chosen]);
        } else if (e.key === 'Escape') {
            this.#offer([]);
        } else {
            return false;
        }
        e.preventDefault();
        return true;
    }

    #look() {
        const begun = this.#group === null ? null : BEGUN.exec(this.#before);
        this.#offer(begun === null ? [] : this.#fitting(begun[1].toLowerCase()));
    }

    get #before() {
        return this.#text.value.slice(0, this.#text.selectionStart);
    }

    #fitting(begun) {
        const members = this.#group.members.map(({ userId }) => userId).filter((userId) => userId !== this.#me);
        const all = this.#group.isAdmin ? ['all'] : [];
        return [...members, ...all].filter((name) => name.toLowerCase().startsWith(begun)).slice(0, MOST);
    }

    #take(name) {
        const before = this.#before.replace(/@[A-Za-z0-9_.-]*$/, `@${name} `);
        const after = this.#text.value.slice(this.#text.selectionStart);
        this.#text.value = before + after;
        this.#text.setSelectionRange(before.length, before.length);
        this.#offer([]);
        this.#onTaken();
    }

    #offer(names) {
        this.#offered = names;
        this.#chosen = 0;
        this.#show();
    }

    #show() {
        this.#list.hidden = this.#offered.length === 0;
        setAttribute(this.#text, 'aria-activedescendant', this.#list.hidden ? null : `mention-${this.#chosen}`);
        this.#list.replaceChildren(...this.#offered.map((name, i) => this.#option(name, i)));
    }

    #option(name, i) {
        const attributes = { id: `mention-${i}`, class: 'option', role: 'option', 'aria-selected': String(i === this.#chosen) };
        const option = element('li', { ...attributes, 'data-testid': `offer-${name}` },
            avatar(name), element('span', { dir: 'auto' }, name === 'all' ? 'all: everyone here' : name));
        option.onclick = () => this.#take(name);
        return option;
    }
}
