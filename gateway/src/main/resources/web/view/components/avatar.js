/** A round picture for a user or group: the avatar, or initials on a colour that depends on the id or name only. */
import { element } from './dom.js';

/** Of something with a name. `hueOf`: what the colour depends on. */
export function avatar(name, kind = 'private', hueOf = name) {
    const circle = element('span', { class: 'avatar', 'aria-hidden': 'true', 'data-kind': kind }, initials(name));
    circle.style.setProperty('--hue', String(hue(hueOf)));
    return circle;
}

/** Of a user: their avatar in the directory, over the initials, which show until it is loaded. */
export function userAvatar(/** @type {import('../../state/people.js').People} */ people, userId) {
    const circle = avatar(people.nameOf(userId), 'private', userId);
    const url = people.avatarUrlOf(userId);
    if (url !== '') {
        const picture = element('img', { src: url, alt: '', loading: 'lazy', referrerpolicy: 'no-referrer' });
        picture.onerror = () => picture.remove();
        circle.append(picture);
    }
    return circle;
}

/** Of the other user of a private conversation, or of a group or room. */
export function conversationAvatar(/** @type {import('../../state/conversation.js').Conversation} */ { name, kind, other, people }) {
    return other === null ? avatar(name, kind) : userAvatar(people, other);
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
