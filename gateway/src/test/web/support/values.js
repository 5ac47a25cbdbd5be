/** Frames as the gateway writes them, and the values that the page reads from them. */
import { event } from '../../../main/resources/web/protocol/events.js';
import { view } from '../../../main/resources/web/protocol/frames.js';

export const ALICE = 'alice';
export const BOB = 'bob';
export const PAIR = 'p:alice:bob';
export const GROUP = 'g:sailing';
export const NOON = Date.parse('2030-06-01T12:00:00Z');

/** A ConversationEvent as JSON, sent at noon plus its seq in seconds. */
export function eventJson(seq, body) {
    return { seq: String(seq), sentAt: new Date(NOON + seq * 1000).toISOString(), ...body };
}

export function messageJson(seq, sender, text, fields = {}) {
    return eventJson(seq, { messageIndex: String(seq), messageSent: { sender, clientMsgId: `${sender}-${seq}`, content: { text: { body: text } }, ...fields } });
}

export function messageEvent(seq, sender, text, fields = {}) {
    return event(messageJson(seq, sender, text, fields));
}

export function eventOf(seq, body) {
    return event(eventJson(seq, body));
}

/** A ConversationView as the page reads it. */
export function viewOf(json) {
    return view({ conversationId: PAIR, version: '1', ...json });
}
