/** 32 random hexadecimal digits. Works over plain http, too, where crypto.randomUUID is not available. */
export function randomId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
