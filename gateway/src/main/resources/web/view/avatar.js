/** A round picture of somebody without a picture: initials on a colour that is always the same for the same id. */
import { element } from './dom.js';

export function avatar(name, kind = 'private') {
    const circle = element('span', { class: 'avatar', 'aria-hidden': 'true', 'data-kind': kind }, initials(name));
    circle.style.setProperty('--hue', String(hue(name)));
    return circle;
}

/** The hue of a name, in degrees: always the same, whatever the page. */
export function hue(name) {
    let hash = 2_166_136_261;
    for (const c of name) {
        hash = Math.imul(hash ^ c.codePointAt(0), 16_777_619) >>> 0;
    }
    // Scrambled once more: names that differ in their last letter should not look alike.
    return (Math.imul(hash ^ (hash >>> 15), 739_981_297) >>> 0) % 360;
}

function initials(name) {
    const words = name.split(/[\s._-]+/u).filter(Boolean);
    const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : [...(words[0] ?? name)].slice(0, 2).join('');
    return letters.toUpperCase();
}

/** A letter may be more than one unit of a string. */
function first(word) {
    return [...word][0];
}
