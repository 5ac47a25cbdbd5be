import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { MemoryStorage } from '../support/fakes.js';
import { ALICE, BOB, eventOf, GROUP, messageEvent, NOON, PAIR, viewOf } from '../support/values.js';

const newStore = () => new Store(ALICE, new Outbox(new MemoryStorage()));
const listed = (store) => store.listed.map(({ id }) => id);
const preview = (seq) => ({ seq: String(seq), sender: BOB, text: 'hello', sentAt: new Date(NOON + seq * 1000).toISOString() });
const OTHER = 'p:alice:carol';

test('pinned conversations come first, then the newest', () => {
    const store = newStore();
    store.applyView(viewOf({ lastSeq: '1', lastMessage: preview(1) }), NOON);
    store.applyView(viewOf({ conversationId: OTHER, lastSeq: '2', lastMessage: preview(2) }), NOON);
    assert.deepEqual(listed(store), [OTHER, PAIR]);

    store.conversation(PAIR).settings.change({ pinned: true });

    assert.deepEqual(listed(store), [PAIR, OTHER]);
});

test('hidden conversations are not listed and not in the badge, unless they are open', () => {
    const store = newStore();
    store.applyView(viewOf({ lastSeq: '1', unread: 1, hidden: true }), NOON);
    assert.deepEqual(listed(store), []);
    assert.equal(store.totalUnread, 0);

    store.openConversation(PAIR);

    assert.deepEqual(listed(store), [PAIR]);
});

test('muted conversations are not in the badge', () => {
    const store = newStore();
    store.applyView(viewOf({ lastSeq: '1', unread: 1, muted: true }), NOON);
    store.applyView(viewOf({ conversationId: OTHER, lastSeq: '2', unread: 2 }), NOON);

    assert.equal(store.totalUnread, 2);
});

test('a declined group is in no list, whichever of the event and the view arrives first', () => {
    const invitation = viewOf({ conversationId: GROUP, lastSeq: '1', group: { role: 'MEMBER', joinedSeq: '1', invitedBy: BOB } });
    const declined = viewOf({ conversationId: GROUP, version: '2', lastSeq: '2', hidden: true, group: { leftSeq: '2' } });
    const left = eventOf(2, { memberLeft: { userId: ALICE } });
    const steps = {
        view: (store, value) => store.applyView(value, NOON),
        event: (store, value) => store.applyEvents(GROUP, [value]),
    };
    const orders = [
        [['view', invitation], ['event', left], ['view', declined]],
        [['view', invitation], ['view', declined], ['event', left]],
        [['view', invitation], ['event', left], ['view', invitation]],
        [['view', invitation], ['event', left], ['view', invitation], ['event', left]],
    ];
    for (const order of orders) {
        const store = newStore();
        order.forEach(([step, value]) => steps[step](store, value));
        assert.deepEqual(listed(store), []);
    }
});

test('a conversation with a message to send is listed after a reload and a reset, until the message is settled', () => {
    const storage = new MemoryStorage();
    new Outbox(storage).add(PAIR, 'alice-1', { text: 'hello', replyTo: null, mentions: null, forward: null }, NOON);
    const store = new Store(ALICE, new Outbox(storage));
    assert.deepEqual(listed(store), [PAIR]);
    store.reset();
    assert.deepEqual(listed(store), [PAIR]);

    store.applyEvents(PAIR, [messageEvent(1, ALICE, 'hello')]);

    assert.equal(store.outbox.isEmpty, true);
});

test('a reset forgets all conversations and the sync token', () => {
    const store = newStore();
    store.version = '7';
    store.applyView(viewOf({ lastSeq: '1', unread: 1 }), NOON);

    store.reset();

    assert.equal(store.version, null);
    assert.equal(store.totalUnread, 0);
    assert.deepEqual(listed(store), []);
});

test('listeners are called once for all changes of one turn', async () => {
    const store = newStore();
    let calls = 0;
    const called = new Promise((resolve) => store.subscribe(() => resolve(++calls)));

    store.changed();
    store.changed();

    await called;
    assert.equal(calls, 1);
});

test('typing notices expire', () => {
    const store = newStore();
    store.applyTyping(PAIR, BOB, NOON);

    store.expire(NOON + 5_999);
    assert.deepEqual(store.conversation(PAIR).typing.userIds, [BOB]);
    store.expire(NOON + 6_000);
    assert.deepEqual(store.conversation(PAIR).typing.userIds, []);
});
