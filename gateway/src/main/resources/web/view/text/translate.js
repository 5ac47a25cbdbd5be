/**
 * Fills index.html with the texts of the language: `data-text` names the text of an element, `data-label` its label for screen readers
 * (and the tooltip of a button), `data-placeholder` the placeholder of a field.
 */
import { currentLocale, text } from '../../texts/texts.js';

export function translatePage() {
    document.documentElement.lang = currentLocale();
    const each = (name, fill) => document.querySelectorAll(`[data-${name}]`).forEach((target) => {
        const shown = /** @type {HTMLElement} */ (target);
        fill(shown, text(/** @type {import('../../texts/texts.js').TextKey} */ (shown.dataset[name])));
    });
    each('text', (target, value) => (target.textContent = value));
    each('placeholder', (target, value) => target.setAttribute('placeholder', value));
    each('label', (target, value) => {
        target.setAttribute('aria-label', value);
        if (target.tagName === 'BUTTON') {
            target.setAttribute('title', value);
        }
    });
}
