/** Suggests members of the group after an @: the arrow keys choose, Enter or Tab inserts, Escape closes the list. */
import { text } from '../../texts/texts.js';
import { avatar, userAvatar } from '../components/avatar.js';
import { People } from '../../state/people.js';
import { byId, element, setAttribute } from '../components/dom.js';

const MENTION_PREFIX = /(?:^|\s)@([\p{L}\p{M}\p{N}_.-]*)$/u;
const MAX_SUGGESTIONS = 6;

export class MentionPicker {
    /** @type {HTMLTextAreaElement} */
    #text;
    /** @type {() => void} */
    #onInsert;
    #list = byId('mentions');
    #group = /** @type {import('../../state/group.js').Group | null} */ (null);
    #me = '';
    #people = new People();
    #suggested = /** @type {string[]} */ ([]);
    #selected = 0;

    /**
     * @param {HTMLTextAreaElement} field
     * @param {() => void} onInsert
     */
    constructor(field, onInsert) {
        this.#text = field;
        this.#onInsert = onInsert;
        field.addEventListener('input', () => this.#update());
        field.addEventListener('blur', () => this.#suggest([]));
        // Keeps the focus in the text.
        this.#list.addEventListener('pointerdown', (e) => e.preventDefault());
    }

    switchTo({ group, me, people }) {
        this.#group = group;
        this.#me = me;
        this.#people = people;
        this.#suggest([]);
    }

    /** Handles a key. Returns whether it was for the picker. */
    handleKey(e) {
        if (this.#suggested.length === 0 || e.isComposing) {
            return false;
        }
        const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
        if (step !== undefined) {
            this.#selected = (this.#selected + step + this.#suggested.length) % this.#suggested.length;
            this.#show();
        } else if (e.key === 'Enter' || e.key === 'Tab') {
            this.#insert(this.#suggested[this.#selected]);
        } else if (e.key === 'Escape') {
            this.#suggest([]);
        } else {
            return false;
        }
        e.preventDefault();
        return true;
    }

    #update() {
        const prefix = this.#group === null ? null : MENTION_PREFIX.exec(this.#before);
        this.#suggest(prefix === null ? [] : this.#matching(prefix[1].toLowerCase()));
    }

    /** The text before the cursor. */
    get #before() {
        return this.#text.value.slice(0, this.#text.selectionStart);
    }

    #matching(prefix) {
        const members = (this.#group?.members ?? []).map(({ userId }) => userId).filter((userId) => userId !== this.#me);
        const all = this.#group?.isAdmin ? ['all'] : [];
        const matches = (userId) => [userId, this.#people.nameOf(userId)].some((name) => name.toLowerCase().startsWith(prefix));
        return [...members, ...all].filter(matches).slice(0, MAX_SUGGESTIONS);
    }

    #insert(name) {
        const before = this.#before.replace(/@[\p{L}\p{M}\p{N}_.-]*$/u, `@${name} `);
        const after = this.#text.value.slice(this.#text.selectionStart);
        this.#text.value = before + after;
        this.#text.setSelectionRange(before.length, before.length);
        this.#suggest([]);
        this.#onInsert();
    }

    #suggest(names) {
        this.#suggested = names;
        this.#selected = 0;
        this.#show();
    }

    #show() {
        this.#list.hidden = this.#suggested.length === 0;
        setAttribute(this.#text, 'aria-activedescendant', this.#list.hidden ? null : `mention-${this.#selected}`);
        this.#list.replaceChildren(...this.#suggested.map((name, i) => this.#option(name, i)));
    }

    /** A mention is the id: shows it, too. */
    #labelOf(userId) {
        const name = this.#people.nameOf(userId);
        return name === userId ? userId : `${name} · ${userId}`;
    }

    #option(name, i) {
        const attributes = { id: `mention-${i}`, class: 'option', role: 'option', 'aria-selected': String(i === this.#selected) };
        const option = element('li', { ...attributes, 'data-testid': `offer-${name}` },
            ...(name === 'all'
                ? [avatar(name), element('span', {}, text('composer.everyone'))]
                : [userAvatar(this.#people, name), element('span', { dir: 'auto' }, this.#labelOf(name))]));
        option.onclick = () => this.#insert(name);
        return option;
    }
}
