import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation } from '../../../main/resources/web/state/conversation.js';
import { Pins } from '../../../main/resources/web/state/pins.js';
import { ALICE, BOB, eventOf, messageEvent, PAIR } from '../support/values.js';

test('the newest of the description and the events wins, in any order', () => {
    const steps = [
        (pins) => pins.applyDescription(10, [3, 5]),
        (pins) => pins.change(11, 3, false),
        (pins) => pins.change(12, 7, true),
        (pins) => pins.change(9, 5, false),
    ];
    for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]]) {
        const pins = new Pins();
        order.forEach((i) => steps[i](pins));
        assert.deepEqual(pins.seqs, [5, 7]);
    }
});

test('an older description does not replace a newer one', () => {
    const pins = new Pins();
    pins.applyDescription(10, [3]);
    pins.applyDescription(9, [4]);
    assert.deepEqual(pins.seqs, [3]);
});

test('a message that is recalled or deleted is not shown as pinned', () => {
    const conversation = new Conversation(PAIR, ALICE);
    [1, 2, 3].forEach((seq) => conversation.apply(messageEvent(seq, BOB, `m${seq}`)));
    [1, 2, 3].forEach((seq) => conversation.apply(eventOf(seq + 3, { pinChanged: { seq: String(seq), by: BOB } })));
    assert.deepEqual(conversation.pinnedSeqs, [1, 2, 3]);

    conversation.apply(eventOf(7, { messageRecalled: { seq: '1', sender: BOB, by: BOB } }));
    conversation.apply(eventOf(0, { messagesDeleted: { ranges: [{ fromSeq: '2', toSeq: '2' }] } }));

    assert.deepEqual(conversation.pinnedSeqs, [3]);
    assert.equal(conversation.pinnedMessage(3)?.text, 'm3');
});
