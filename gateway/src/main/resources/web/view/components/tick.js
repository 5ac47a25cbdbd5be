/** The delivery state of an own message: a clock, one tick when it is sent, two when it is delivered, coloured when it is read. */
import { text } from '../../texts/texts.js';
import { element } from './dom.js';
import { icon } from './icons.js';

/** @typedef {import('../../state/conversation.js').Conversation} Conversation */

const LOOKS = {
    waiting: { icon: 'clock', label: 'tick.waiting' },
    accepted: { icon: 'tick', label: 'tick.sent' },
    sequenced: { icon: 'tick', label: 'tick.sent' },
    delivered: { icon: 'ticks', label: 'tick.delivered' },
    read: { icon: 'ticks', label: 'tick.read' },
    failed: { icon: 'alert', label: 'tick.failed' },
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
    const { icon: name, label: key } = LOOKS[state];
    const label = text(key);
    const attributes = { class: 'tick', role: 'img', 'aria-label': label, title: label, 'data-testid': 'tick', 'data-state': state };
    return element('span', attributes, icon(name));
}
