import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../../main/resources/web/protocol/history.js';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, BOB, messageEvent, messageJson, NOON, PAIR, viewOf } from '../support/values.js';

function start(t) {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
    const connection = new RecordingConnection();
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const requests = new Requests(connection, new ManualClock());
    new History(store, requests);
    store.synced = true;
    const conversation = store.conversation(PAIR);
    const pass = (millis) => t.mock.timers.tick(millis);
    const answer = (kind, value) => requests.answer(connection.last.id, kind, value);
    const pulls = () => connection.sent('pull').map(({ fromSeq, toSeq }) => `${fromSeq}-${toSeq}`);
    return { store, conversation, pass, answer, pulls };
}

const messages = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => messageJson(from + i, BOB, `m${from + i}`));

test('opening pulls in ranges of at most 200, the newest first', (t) => {
    const { store, conversation, pass, answer, pulls } = start(t);
    store.applyView(viewOf({ lastSeq: '250', readSeq: '250' }), NOON);
    conversation.window.include(1);
    pass(1);
    pass(1);
    assert.deepEqual(pulls(), ['51-250']);

    answer('events', { events: messages(51, 250), complete: true, headSeq: '250' });
    pass(1);
    assert.deepEqual(pulls(), ['51-250', '1-50']);
    answer('events', { events: messages(1, 50), complete: true, headSeq: '250' });
    pass(1);

    assert.equal(conversation.missing(), null);
    assert.equal(pulls().length, 2);
});

test('a gap between live events is pulled only if it stays open', (t) => {
    const { store, pass, pulls } = start(t);
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one'), messageEvent(3, BOB, 'three')]);
    pass(1);
    store.applyEvents(PAIR, [messageEvent(2, BOB, 'two')]);
    pass(150);
    assert.deepEqual(pulls(), []);

    store.applyEvents(PAIR, [messageEvent(5, BOB, 'five')]);
    pass(1);
    pass(150);
    assert.deepEqual(pulls(), ['4-4']);
});

test('what history does not hold yet is pulled again with a growing wait', (t) => {
    const { store, conversation, pass, answer, pulls } = start(t);
    store.applyView(viewOf({ lastSeq: '2', readSeq: '2' }), NOON);
    conversation.window.include(1);
    pass(1);
    pass(1);

    answer('events', { complete: true, headSeq: '1' });
    pass(299);
    assert.equal(pulls().length, 1);
    pass(1);
    assert.equal(pulls().length, 2);
    answer('events', { complete: true, headSeq: '1' });
    pass(599);
    assert.equal(pulls().length, 2);
    pass(1);
    assert.equal(pulls().length, 3);
});

test('a complete answer closes the seqs that history will never hold', (t) => {
    const { store, conversation, pass, answer } = start(t);
    store.applyView(viewOf({ lastSeq: '3', readSeq: '3' }), NOON);
    conversation.window.include(1);
    pass(1);
    pass(1);

    answer('events', { events: [messageJson(2, BOB, 'two')], complete: true, headSeq: '3' });

    assert.equal(conversation.missing(), null);
    assert.deepEqual(conversation.entries.map(({ text }) => text), ['two']);
});

test('an incomplete answer closes the seqs between its fromSeq and toSeq that it leaves out', (t) => {
    const { store, conversation, pass, answer } = start(t);
    store.applyView(viewOf({ lastSeq: '5', readSeq: '5' }), NOON);
    conversation.window.include(1);
    pass(1);
    pass(1);

    answer('events', { events: [messageJson(3, BOB, 'three')], complete: false, fromSeq: '3', toSeq: '5', headSeq: '5' });

    assert.deepEqual(conversation.missing(), { from: 1, to: 2, live: false });
});

test('a final error is shown, and history is not asked again', (t) => {
    const { store, conversation, pass, answer, pulls } = start(t);
    store.applyView(viewOf({ lastSeq: '3', readSeq: '3' }), NOON);
    conversation.window.include(1);
    pass(1);
    pass(1);

    answer('error', { code: 'NOT_A_MEMBER', message: 'You are not a member.' });
    store.changed();
    pass(10_000);

    assert.equal(conversation.historyProblem, 'You are not a member of this conversation.');
    assert.equal(pulls().length, 1);
});
