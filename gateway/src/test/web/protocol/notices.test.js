/** The parts that keep the server informed: read positions, typing notices, presence subscriptions, drafts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts } from '../../../main/resources/web/protocol/drafts.js';
import { PresenceSubscriptions } from '../../../main/resources/web/protocol/presence-subscriptions.js';
import { ReadPositions } from '../../../main/resources/web/protocol/read-positions.js';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { TypingNotifier } from '../../../main/resources/web/protocol/typing-notifier.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, BOB, messageEvent, NOON, PAIR, viewOf } from '../support/values.js';

function start(t) {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
    const connection = new RecordingConnection();
    const clock = new ManualClock();
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    store.synced = true;
    const requests = new Requests(connection, clock);
    const pass = (millis) => {
        t.mock.timers.tick(millis);
        clock.tick();
    };
    const answer = (kind, value = {}) => requests.answer(connection.last.id, kind, value);
    return { connection, clock, store, requests, pass, answer };
}

test('a read position is sent again until the server accepts it', (t) => {
    const { connection, clock, store, requests, pass, answer } = start(t);
    const readPositions = new ReadPositions(store, requests, clock);
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one'), messageEvent(2, BOB, 'two')]);
    const conversation = store.conversation(PAIR);

    readPositions.markRead(conversation, 2);
    pass(4_999);
    assert.equal(connection.sent('markRead').length, 1);
    pass(1);
    assert.deepEqual(connection.sent('markRead'), [{ conversationId: PAIR, seq: '2' }, { conversationId: PAIR, seq: '2' }]);

    answer('accepted');
    pass(60_000);
    assert.equal(conversation.readState.readSeq, 2);
    assert.equal(connection.sent('markRead').length, 2);
});

test('a refused read position is not sent again', (t) => {
    const { connection, clock, store, requests, pass, answer } = start(t);
    const readPositions = new ReadPositions(store, requests, clock);
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one')]);

    readPositions.markRead(store.conversation(PAIR), 1);
    answer('refused', { reason: 'NOT_A_MEMBER' });
    pass(60_000);

    assert.equal(connection.sent('markRead').length, 1);
});

test('at most one typing notice is sent in three seconds, and none to a large group', (t) => {
    const { connection, store, requests, pass } = start(t);
    const typing = new TypingNotifier(store, requests);
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one')]);
    const conversation = store.conversation(PAIR);

    typing.typed(conversation);
    pass(2_999);
    typing.typed(conversation);
    assert.equal(connection.sent('typing').length, 1);
    pass(1);
    typing.typed(conversation);
    assert.equal(connection.sent('typing').length, 2);

    conversation.large = true;
    pass(3_000);
    typing.typed(conversation);
    assert.equal(connection.sent('typing').length, 2);
});

test('the page subscribes to the users of the list, and again when their visibility may have changed', (t) => {
    const { connection, clock, store, requests, pass, answer } = start(t);
    new PresenceSubscriptions(store, requests, clock);
    store.applyView(viewOf({ lastSeq: '1' }), NOON);
    pass(1);
    assert.deepEqual(connection.sent('presence'), [{ userIds: [ALICE, BOB], mode: 'START' }]);
    answer('presence', { userId: ALICE, online: true });
    answer('presence', { userId: BOB });

    pass(1);
    assert.equal(connection.sent('presence').length, 1);
    store.applyEvents(PAIR, [messageEvent(2, BOB, 'hello')]);
    pass(1);
    assert.deepEqual(connection.sent('presence').at(-1), { userIds: [BOB], mode: 'START' });

    store.conversation(PAIR).settings.change({ hidden: true });
    pass(1);
    assert.deepEqual(connection.sent('presence').at(-1), { userIds: [BOB], mode: 'STOP' });
    assert.equal(store.presences.of(BOB), null);
});

test('a failed subscription is repeated after five seconds', (t) => {
    const { connection, clock, store, requests, pass, answer } = start(t);
    new PresenceSubscriptions(store, requests, clock);
    pass(1);

    answer('error', { code: 'UNAVAILABLE', retryable: true });
    pass(4_999);
    assert.equal(connection.sent('presence').length, 1);
    pass(1);
    assert.equal(connection.sent('presence').length, 2);
});

test('a draft is saved one second after the last key, and a sent one is cleared at once', (t) => {
    const { connection, clock, store, requests, pass, answer } = start(t);
    const drafts = new Drafts(store, requests, clock, new MemoryStorage());
    const conversation = store.conversation(PAIR);

    drafts.write(conversation, 'hel');
    pass(999);
    drafts.write(conversation, 'hello');
    pass(999);
    assert.deepEqual(connection.sent('settings'), []);
    pass(1);
    assert.deepEqual(connection.sent('settings'), [{ conversationId: PAIR, draft: 'hello' }]);
    answer('applied');
    assert.equal(conversation.settings.localDraft, null);
    assert.equal(conversation.settings.draft, 'hello');

    drafts.write(conversation, '');
    assert.deepEqual(connection.sent('settings').at(-1), { conversationId: PAIR, draft: '' });
});

test('a draft that is not saved yet survives a reload of the tab', (t) => {
    const { clock, connection, store, requests, pass } = start(t);
    const storage = new MemoryStorage();
    new Drafts(store, requests, clock, storage).write(store.conversation(PAIR), 'hello');

    const reloaded = new Store(ALICE, new Outbox(new MemoryStorage()));
    reloaded.synced = true;
    new Drafts(reloaded, requests, clock, storage);
    assert.equal(reloaded.conversation(PAIR).settings.draft, 'hello');
    pass(1);

    assert.deepEqual(connection.sent('settings'), [{ conversationId: PAIR, draft: 'hello' }]);
});

test('a draft longer than the server keeps stays in this tab', (t) => {
    const { clock, connection, store, requests, pass } = start(t);
    const drafts = new Drafts(store, requests, clock, new MemoryStorage());
    const conversation = store.conversation(PAIR);

    drafts.write(conversation, 'ü'.repeat(2_049));
    pass(1_000);
    assert.deepEqual(connection.sent('settings'), []);
    assert.equal(conversation.settings.draft.length, 2_049);

    drafts.write(conversation, 'ü'.repeat(2_048));
    pass(1_000);
    assert.equal(connection.sent('settings').length, 1);
});
