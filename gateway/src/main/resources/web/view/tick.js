/** How far a message of one's own has come: clock, one tick, two ticks, two coloured ticks. */
import { element } from './dom.js';
import { icon } from './icons.js';

const LOOKS = {
    waiting: { icon: 'clock', label: 'Waiting to be sent' },
    accepted: { icon: 'tick', label: 'Sent' },
    sequenced: { icon: 'ticks', label: 'Delivered' },
    read: { icon: 'ticks', label: 'Read' },
    failed: { icon: 'alert', label: 'Not sent' },
};

/** One of the states above, of an entry in the outbox or else of the message with this seq. */
export function tickState(conversation, outboxEntry, seq) {
    if (outboxEntry !== undefined) {
        return outboxEntry.state;
    }
    return conversation.kind === 'private' && seq <= conversation.reading.peerReadSeq ? 'read' : 'sequenced';
}

export function tick(state) {
    const { icon: name, label } = LOOKS[state];
    const attributes = { class: 'tick', role: 'img', 'aria-label': label, title: label, 'data-testid': 'tick', 'data-state': state };
    return element('span', attributes, icon(name));
}
