/**
 * Frames of `tidings.v1.json` as plain values: protobuf's canonical JSON leaves defaults out, writes 64-bit integers as
 * strings and times as RFC 3339. Here integers are numbers and times are milliseconds since 1970.
 */
import { describeContent } from './content.js';

/** An integer of any width; absent means 0. */
export function int(value) {
    return Number(value ?? 0);
}

/** Milliseconds since 1970; absent means 0. */
export function time(value) {
    return value === undefined ? 0 : Date.parse(value);
}

/** The one body of a frame: [name, value]. */
export function body(frame) {
    return Object.entries(frame).find(([name]) => name !== 'id') ?? ['', {}];
}

export function view(json) {
    return {
        conversationId: json.conversationId ?? '',
        lastSeq: int(json.lastSeq),
        unread: int(json.unread),
        readSeq: int(json.readSeq),
        peerReadSeq: int(json.peerReadSeq),
        lastMessage: json.lastMessage === undefined ? null : preview(json.lastMessage),
        updatedAt: time(json.updatedAt),
    };
}

/** One of {kind: 'message', seq, message}, {kind: 'read', seq, userId, readSeq}, {kind: 'other', seq}. */
export function event(json) {
    const seq = int(json.seq);
    if (json.messageSent !== undefined) {
        return { kind: 'message', seq, message: message(seq, time(json.sentAt), json.messageSent) };
    }
    if (json.readAdvanced !== undefined) {
        return { kind: 'read', seq, userId: json.readAdvanced.userId ?? '', readSeq: int(json.readAdvanced.readSeq) };
    }
    return { kind: 'other', seq };
}

function message(seq, sentAt, json) {
    return {
        seq,
        sentAt,
        sender: json.sender ?? '',
        clientMsgId: json.clientMsgId ?? '',
        ...describeContent(json.content ?? {}),
    };
}

function preview(json) {
    return { seq: int(json.seq), sender: json.sender ?? '', sentAt: time(json.sentAt), text: json.text ?? '' };
}
