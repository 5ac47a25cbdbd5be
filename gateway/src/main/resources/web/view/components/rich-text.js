/** Text with links for web addresses, and mentions highlighted by the names of their users; everything else stays plain text. */
import { element } from './dom.js';

const ADDRESS = /https?:\/\/[^\s<>"']+/giu;
const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\u20e3|\s)+$/u;

const NO_MENTIONS = { all: false, userIds: [] };

/**
 * Makes the nodes of a text.
 *
 * @param {string} text
 * @param {import('../../state/types.js').Mentions} mentions
 * @param {(userId: string) => string} nameOf the name to show for a mentioned user
 */
export function richText(text, mentions = NO_MENTIONS, nameOf = (userId) => userId) {
    /** @type {(Node | string)[]} */
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(ADDRESS)) {
        const address = withoutTrailingPunctuation(match[0]);
        if (URL.canParse(address)) {
            nodes.push(...withMentions(text.slice(end, match.index), mentions, nameOf), link(address, address));
            end = match.index + address.length;
        }
    }
    nodes.push(...withMentions(text.slice(end), mentions, nameOf));
    return nodes;
}

/** @returns {(Node | string)[]} */
function withMentions(text, { all, userIds }, nameOf) {
    const names = [...userIds, ...(all ? ['all'] : [])].map((name) => `@${name}`);
    // Longest first: @max is no part of @max.b.
    const pattern = names.sort((a, b) => b.length - a.length).map((name) => name.replaceAll('.', '\\.')).join('|');
    if (pattern === '') {
        return [text];
    }
    return text.split(new RegExp(`(${pattern})`)).map((part) => (names.includes(part) ? element('span', { class: 'mention', title: part, dir: 'auto' }, `@${nameOf(part.slice(1))}`) : part));
}

export function link(url, label) {
    return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, label);
}

/** Whether a text is one to three emoji, which are shown large. */
export function isFewEmoji(text) {
    return text.length <= 24 && EMOJI_ONLY.test(text) && [...new Intl.Segmenter().segment(text.trim())].length <= 3;
}

/** "(see https://example.org/a)." ends before the bracket, "https://example.org/a_(b)" includes it. */
function withoutTrailingPunctuation(address) {
    let trimmed = address.replace(/[.,;:!?…。,、!?;:]+$/u, '');
    while (trimmed.endsWith(')') && trimmed.split(')').length > trimmed.split('(').length) {
        trimmed = trimmed.slice(0, -1).replace(/[.,;:!?]+$/u, '');
    }
    return trimmed;
}
