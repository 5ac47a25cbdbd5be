/** How far a message of one's own has come: a clock, one tick when it is sent, two when it has arrived, coloured when it was read. */
import { element } from './dom.js';
import { icon } from './icons.js';

const LOOKS = {
    waiting: { icon: 'clock', label: 'Waiting to be sent' },
    accepted: { icon: 'tick', label: 'Sent' },
    sequenced: { icon: 'tick', label: 'Sent' },
    delivered: { icon: 'ticks', label: 'Delivered' },
    read: { icon: 'ticks', label: 'Read' },
    failed: { icon: 'alert', label: 'Not sent' },
};

/**
 * One of the states above, of an entry in the outbox or else of the message with this seq. Of a group it does not say who has
 * it: see ReceiptsDialog.
 */
export function tickState(conversation, outboxEntry, seq) {
    if (outboxEntry !== undefined) {
        return outboxEntry.state;
    }
    const { peerReadSeq, peerDeliveredSeq } = conversation.reading;
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
