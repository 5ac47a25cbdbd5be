/** What a message's content looks like to this page: text as it is, anything else by its kind and a link to it. */

/** {text, url}: `text` to show, `url` to what it refers to, or null. */
export function describeContent(content) {
    const [kind, value] = Object.entries(content)[0] ?? ['', {}];
    switch (kind) {
        case 'text':
            return { text: value.body ?? '', url: null };
        case 'image':
        case 'video':
            return { text: value.caption || `[${kind}]`, url: webUrl(value.media?.url) };
        case 'audio':
            return { text: '[audio]', url: webUrl(value.media?.url) };
        case 'file':
            return { text: value.fileName || '[file]', url: webUrl(value.media?.url) };
        case 'location':
            return { text: [value.name, value.address].filter(Boolean).join(', ') || '[location]', url: null };
        case 'card':
            return { text: [value.title, value.description].filter(Boolean).join('\n') || '[card]', url: webUrl(value.url) };
        default:
            return { text: `[${kind || 'message'}]`, url: null };
    }
}

/** The URL if it is one of the web, else null: never `javascript:` and its like. */
function webUrl(text) {
    try {
        const url = new URL(text);
        return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
    } catch {
        return null;
    }
}
