/** Turns a negative answer into a sentence for the user. The server's own message is for developers, in English. */
import { text, textIfAny } from '../texts/texts.js';
import { int } from './json.js';

/** The sentence for a negative answer: `refused`, `error` or `lost`, with its value. */
export function problemText(kind, value) {
    if (kind === 'refused') {
        return textIfAny(`refusal.${value.reason}`) ?? text('problem.refused');
    }
    if (kind === 'lost') {
        return text('problem.lost');
    }
    if (value.code === 'RATE_LIMITED') {
        const seconds = Math.max(1, Math.ceil(int(value.retryAfterMs) / 1_000));
        return text('problem.rateLimited', { seconds });
    }
    return textIfAny(`refusal.${value.code}`) ?? text(value.retryable === true ? 'problem.retry' : 'problem.other');
}

/** The sentence for an answer, or null where the answer is not negative. */
export function problemOf(kind, value) {
    return kind === 'refused' || kind === 'error' || kind === 'lost' ? problemText(kind, value) : null;
}
