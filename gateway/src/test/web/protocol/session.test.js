import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acks } from '../../../main/resources/web/protocol/acks.js';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { Session } from '../../../main/resources/web/protocol/session.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, BOB, messageJson, PAIR } from '../support/values.js';

function start() {
    const connection = new RecordingConnection();
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const requests = new Requests(connection, new ManualClock());
    const newTexts = /** @type {string[]} */ ([]);
    const session = new Session(store, requests, new Acks(connection), (id, messages) => newTexts.push(...messages.map(({ text }) => `${id} ${text}`)));
    /** Answers the last frame. */
    const answer = (body) => session.receive({ id: connection.last.id, ...body });
    return { connection, store, session, newTexts, answer };
}

const viewJson = (version, fields = {}) => ({ conversationId: PAIR, version: String(version), lastSeq: '1', ...fields });

test('the first session syncs everything, page by page', () => {
    const { connection, store, session, answer } = start();

    session.connected({ sessionId: 's1' });
    assert.deepEqual(connection.sent('sync'), [{ mode: 'FULL' }]);
    answer({ syncPage: { views: [viewJson(4, { unread: 1 })] } });
    assert.equal(store.synced, false);
    answer({ syncPage: { views: [viewJson(5, { conversationId: 'p:alice:carol', unread: 2 })], done: true, version: '5' } });

    assert.equal(store.synced, true);
    assert.equal(store.version, '5');
    assert.equal(store.totalUnread, 3);
});

test('a reconnect syncs from the version of the last page', () => {
    const { connection, store, session, answer } = start();
    session.connected({ sessionId: 's1' });
    answer({ syncPage: { done: true, version: '9007199254740993' } });

    session.disconnected();
    assert.equal(store.synced, false);
    session.connected({ sessionId: 's2' });

    assert.deepEqual(connection.sent('sync').at(-1), { mode: 'INCREMENTAL', since: '9007199254740993' });
});

test('a reset forgets what the page knew, and takes the views that follow', () => {
    const { store, session, answer } = start();
    session.connected({ sessionId: 's1' });
    answer({ syncPage: { views: [viewJson(7, { unread: 5 })], done: true, version: '7' } });
    session.disconnected();

    session.connected({ sessionId: 's2' });
    answer({ syncPage: { reset: true, views: [viewJson(1, { unread: 1 })], done: true, version: '1' } });

    assert.equal(store.totalUnread, 1);
    assert.equal(store.version, '1');
});

test('a sync that is lost or refused is repeated, but not for a session that has ended', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { connection, session, answer } = start();
    session.connected({ sessionId: 's1' });

    answer({ error: { code: 'UNAVAILABLE', retryable: true, retryAfterMs: 2_000 } });
    t.mock.timers.tick(1_999);
    assert.equal(connection.sent('sync').length, 1);
    t.mock.timers.tick(1);
    assert.equal(connection.sent('sync').length, 2);

    session.disconnected();
    t.mock.timers.tick(10_000);
    assert.equal(connection.sent('sync').length, 2);
});

test('a live event is shown once and acknowledged each time it is delivered', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { connection, store, session, newTexts } = start();
    session.connected({ sessionId: 's1' });
    const events = { deliverySeq: '1', conversationId: PAIR, events: [messageJson(1, BOB, 'hello')] };

    session.receive({ events });
    t.mock.timers.tick(100);
    session.receive({ events });
    t.mock.timers.tick(100);

    assert.deepEqual(newTexts, [`${PAIR} hello`]);
    assert.equal(store.totalUnread, 1);
    assert.deepEqual(connection.sent('ack'), [{ upTo: '1' }, { upTo: '1' }]);
});

test('views, heads, presence and typing notices that arrive unasked are applied', () => {
    const { store, session } = start();

    session.receive({ view: viewJson(3, { unread: 2 }) });
    session.receive({ head: { conversationId: 'r:lobby', lastSeq: '7', messageIndex: '5' } });
    session.receive({ presence: { userId: BOB, online: true, status: 'sailing' } });
    session.receive({ events: { conversationId: PAIR, events: [{ typingStarted: { userId: BOB } }] } });

    assert.equal(store.conversation(PAIR).readState.unread, 2);
    assert.equal(store.conversation('r:lobby').lastSeq, 7);
    assert.deepEqual(store.presences.of(BOB), { online: true, lastSeenAt: 0, status: 'sailing' });
    assert.deepEqual(store.conversation(PAIR).typing.userIds, [BOB]);
});
