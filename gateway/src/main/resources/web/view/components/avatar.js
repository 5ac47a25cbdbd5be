/** A round picture for a user or group: initials on a colour that depends on the name only. */
import { element } from './dom.js';

export function avatar(name, kind = 'private') {
    const circle = element('span', { class: 'avatar', 'aria-hidden': 'true', 'data-kind': kind }, initials(name));
    circle.style.setProperty('--hue', String(hue(name)));
    return circle;
}

/** The hue of a name, in degrees: the same on every page. */
export function hue(name) {
    let hash = 2_166_136_261;
    for (const c of name) {
        hash = Math.imul(hash ^ Number(c.codePointAt(0)), 16_777_619) >>> 0;
    }
    // Mixes the bits once more: names that differ in their last letter get different colours.
    return (Math.imul(hash ^ (hash >>> 15), 739_981_297) >>> 0) % 360;
}

function initials(name) {
    const words = name.split(/[\s._-]+/u).filter(Boolean);
    const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : [...(words[0] ?? name)].slice(0, 2).join('');
    return letters.toUpperCase();
}

/** The first letter, which may be more than one unit of the string. */
function first(word) {
    return [...word][0];
}
