/** The delivery state of an own message: a clock, one tick when it is sent, two when it is delivered, coloured when it is read. */
import { element } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

const LOOKS = {
    waiting: { icon: 'clock', label: 'Waiting to be sent' },
    accepted: { icon: 'tick', label: 'Sent' },
    sequenced: { icon: 'tick', label: 'Sent' },
    delivered: { icon: 'ticks', label: 'Delivered' },
    read: { icon: 'ticks', label: 'Read' },
    failed: { icon: 'alert', label: 'Not sent' },
};

/**
 * The key of LOOKS for an entry of the outbox, or else for the message with this seq. In a group it does not say who has read
 * the message: see ReceiptsDialog.
 */
export function tickState(/** @type {Conversation} */ conversation, outboxEntry, seq) {
    if (outboxEntry !== undefined) {
        return outboxEntry.state;
    }
    const { peerReadSeq, peerDeliveredSeq } = conversation.readState;
    if (seq <= peerReadSeq) {
        return 'read';
    }
    return seq <= peerDeliveredSeq ? 'delivered' : 'sequenced';
}

export function tick(state) {
    const { icon: name, label } = LOOKS[state];
    const attributes = { class: 'tick', role: 'img', 'aria-label': label, title: label, 'data-testid': 'tick', 'data-state': state };
    return element('span', attributes, icon(name));
}
