import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageSender } from '../../../main/resources/web/protocol/message-sender.js';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, NOON, PAIR } from '../support/values.js';

const DRAFT = { text: 'hello', replyTo: null, mentions: null, forward: null };

function start(t) {
    t.mock.timers.enable({ apis: ['Date'], now: NOON });
    const connection = new RecordingConnection();
    const clock = new ManualClock();
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    store.connection = { name: 'connected' };
    const requests = new Requests(connection, clock);
    const sender = new MessageSender(store, requests, clock);
    const pass = (millis) => {
        t.mock.timers.setTime(Date.now() + millis);
        clock.tick();
    };
    const answer = (kind, value = {}) => requests.answer(connection.last.id, kind, value);
    const texts = () => store.conversation(PAIR).entries.map(({ text }) => text);
    return { connection, store, requests, sender, pass, answer, texts };
}

test('a sequenced message leaves the outbox and stands in the conversation', (t) => {
    const { store, sender, answer, texts } = start(t);
    sender.send(PAIR, DRAFT);
    assert.equal(store.outbox.of(PAIR)[0].state, 'waiting');

    answer('accepted');
    assert.equal(store.outbox.of(PAIR)[0].state, 'accepted');
    answer('sequenced', { seq: '1', sentAt: new Date(NOON).toISOString() });

    assert.equal(store.outbox.isEmpty, true);
    assert.deepEqual(texts(), ['hello']);
});

test('a message that was sent on a lost connection is sent again with the same clientMsgId', (t) => {
    const { connection, requests, sender, answer, texts } = start(t);
    sender.send(PAIR, DRAFT);
    answer('accepted');

    requests.disconnected();
    sender.connected();
    answer('sequenced', { seq: '1', duplicate: true });

    const [first, second] = connection.sent('send');
    assert.equal(first.clientMsgId, second.clientMsgId);
    assert.deepEqual(texts(), ['hello']);
});

test('a message written offline is sent by the next connection', (t) => {
    const { connection, sender, answer, texts } = start(t);
    connection.isOpen = false;
    sender.send(PAIR, DRAFT);
    assert.equal(connection.frames.length, 0);

    connection.isOpen = true;
    sender.connected();
    answer('sequenced', { seq: '1' });

    assert.deepEqual(texts(), ['hello']);
});

test('a retryable error is retried for fifteen seconds, and then the user may retry', (t) => {
    const { store, sender, pass, answer } = start(t);
    sender.send(PAIR, DRAFT);

    for (let i = 0; i < 15; i++) {
        answer('error', { retryable: true });
        assert.equal(store.outbox.of(PAIR)[0].state, 'waiting');
        pass(1_000);
    }
    answer('error', { retryable: true });

    const [entry] = store.outbox.of(PAIR);
    assert.equal(entry.state, 'failed');
    assert.equal(entry.retryable, true);
    sender.retry(entry);
    answer('sequenced', { seq: '1' });
    assert.equal(store.outbox.isEmpty, true);
});

test('a retry waits as long as the server says', (t) => {
    const { connection, sender, pass, answer } = start(t);
    sender.send(PAIR, DRAFT);

    answer('error', { retryable: true, retryAfterMs: 3_000 });
    pass(2_999);
    assert.equal(connection.frames.length, 1);
    pass(1);

    assert.equal(connection.frames.length, 2);
});

test('a message above the rate limit waits in the outbox until it may be sent', (t) => {
    const { connection, store, sender, pass, answer } = start(t);
    sender.send(PAIR, DRAFT);

    answer('error', { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 20_000 });
    pass(20_000);
    answer('error', { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 20_000 });
    assert.equal(store.outbox.of(PAIR)[0].state, 'waiting');
    pass(20_000);

    assert.equal(connection.frames.length, 3);
    answer('sequenced', { seq: '1' });
    assert.equal(store.outbox.isEmpty, true);
});

test('a refused message shows why and is not sent again', (t) => {
    const { connection, store, sender, pass, answer } = start(t);
    sender.send(PAIR, DRAFT);

    answer('refused', { reason: 'MUTED' });
    pass(60_000);

    const [entry] = store.outbox.of(PAIR);
    assert.equal(entry.problem, 'You are muted here for now.');
    assert.equal(connection.sent('send').length, 1);
});

test('a masked message shows what everyone else sees', (t) => {
    const { sender, answer, texts } = start(t);
    sender.send(PAIR, DRAFT);

    answer('sequenced', { seq: '1', masked: true, maskedContent: { text: { body: '*****' } } });

    assert.deepEqual(texts(), ['*****']);
});

test('a masked message without content waits for history', (t) => {
    const { store, sender, answer } = start(t);
    sender.send(PAIR, DRAFT);

    answer('sequenced', { seq: '1', masked: true, duplicate: true });

    assert.equal(store.outbox.isEmpty, false);
    assert.deepEqual(store.conversation(PAIR).missing(), { from: 1, to: 1, live: true });
});
