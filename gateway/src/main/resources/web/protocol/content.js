/** Shows the content of a message as text: text as it is, other kinds by their name or caption and a link. */
import { text } from '../texts/texts.js';

/**
 * Reads a Content.
 *
 * @returns {{text: string, url: string | null}} the text to show, and the link to the media, if there is one
 */
export function describeContent(content) {
    const [kind, value] = Object.entries(content)[0] ?? ['', {}];
    switch (kind) {
        case 'text':
            return { text: value.body ?? '', url: null };
        case 'image':
        case 'video':
            return { text: value.caption || text(kind === 'image' ? 'content.image' : 'content.video'), url: webUrl(value.media?.url) };
        case 'audio':
            return { text: text('content.audio'), url: webUrl(value.media?.url) };
        case 'file':
            return { text: value.fileName || text('content.file'), url: webUrl(value.media?.url) };
        case 'location':
            return { text: [value.name, value.address].filter(Boolean).join(', ') || text('content.location'), url: null };
        case 'card':
            return { text: [value.title, value.description].filter(Boolean).join('\n') || text('content.card'), url: webUrl(value.url) };
        default:
            return { text: text('content.other'), url: null };
    }
}

/** The URL if its scheme is http or https, else null: never `javascript:`. */
function webUrl(address) {
    try {
        const url = new URL(address);
        return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
    } catch {
        return null;
    }
}
