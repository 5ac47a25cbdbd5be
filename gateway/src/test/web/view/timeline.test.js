import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { timeline } from '../../../main/resources/web/view/chat/timeline.js';
import { MemoryStorage } from '../support/fakes.js';
import { ALICE, BOB, eventOf, messageEvent, NOON, PAIR, viewOf } from '../support/values.js';

function start() {
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const conversation = store.conversation(PAIR);
    const rows = (unreadAfter = /** @type {number | null} */ (null)) => timeline(store, conversation, unreadAfter);
    const messages = () => rows().filter(({ kind }) => kind === 'message');
    return { store, conversation, rows, messages };
}

test('a day divider stands before the first message of each day', () => {
    const { store, rows } = start();
    const tomorrow = { ...messageEvent(2, BOB, 'two'), sentAt: NOON + 86_400_000 };
    tomorrow.message.sentAt = tomorrow.sentAt;
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one'), tomorrow]);

    assert.deepEqual(rows().map(({ kind }) => kind), ['beginning', 'day', 'message', 'day', 'message']);
});

test('the unread divider stands before the first message of another user', () => {
    const { store, rows } = start();
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one'), messageEvent(2, ALICE, 'two'), messageEvent(3, BOB, 'three'), messageEvent(4, BOB, 'four')]);

    assert.deepEqual(rows(1).map(({ kind }) => kind), ['beginning', 'day', 'message', 'message', 'unread', 'message', 'message']);
});

test('messages of one sender form a block, until five minutes have passed', () => {
    const { store, messages } = start();
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one'), messageEvent(2, BOB, 'two'), messageEvent(3, ALICE, 'three'), messageEvent(400, ALICE, 'four')]);

    assert.deepEqual(messages().map(({ first, last }) => [first, last]), [[true, false], [false, true], [true, true], [true, true]]);
});

test('a message keeps its key when it leaves the outbox', () => {
    const { store, messages } = start();
    store.outbox.add(PAIR, 'alice-1', { text: 'one', replyTo: null, mentions: null, forward: null }, NOON);
    const [waiting] = messages();
    assert.equal(waiting.state, 'waiting');

    store.applyEvents(PAIR, [messageEvent(1, ALICE, 'one')]);

    const [sequenced] = messages();
    assert.equal(sequenced.key, waiting.key);
    assert.equal(sequenced.state, 'sequenced');
    assert.notEqual(sequenced.look, waiting.look);
});

test('a reply quotes the message as it stands: edited, recalled or expired', () => {
    const { store, conversation, messages } = start();
    const replyTo = { seq: '1', sender: BOB, quote: 'before' };
    store.applyEvents(PAIR, [
        messageEvent(1, BOB, 'before', { expiresAt: new Date(NOON + 60_000).toISOString() }),
        messageEvent(2, ALICE, 'reply', { replyTo }),
    ]);
    const quoted = () => messages().at(-1).quoted.text;
    assert.equal(quoted(), 'before');

    store.applyEvents(PAIR, [eventOf(3, { messageEdited: { seq: '1', content: { text: { body: 'after' } } } })]);
    assert.equal(quoted(), 'after');

    conversation.expire(NOON + 60_000);
    assert.equal(quoted(), 'Expired message');
    assert.equal(messages().length, 1);
});

test('a recalled message says who recalled it, and is quoted as recalled', () => {
    const { store, messages } = start();
    store.applyEvents(PAIR, [
        messageEvent(1, BOB, 'secret'),
        messageEvent(2, ALICE, 'reply', { replyTo: { seq: '1', sender: BOB, quote: 'secret' } }),
        eventOf(3, { messageRecalled: { seq: '1', sender: BOB, by: BOB } }),
    ]);

    const [recalled, reply] = messages();
    assert.equal(recalled.recalled, 'This message was recalled');
    assert.equal(reply.quoted.text, 'Recalled message');
});

test('the top says whether older messages are being loaded, are missing for good, or there are none', () => {
    const { store, conversation, rows } = start();
    store.applyView(viewOf({ lastSeq: '60', readSeq: '60' }), NOON);
    conversation.open();
    assert.equal(rows()[0].kind, 'loading');

    conversation.historyProblem = 'Earlier messages are not available.';
    assert.equal(rows()[0].text, 'Earlier messages are not available.');

    conversation.historyProblem = null;
    conversation.window.include(1);
    store.markEmpty(PAIR, 1, 60);
    assert.equal(rows()[0].kind, 'beginning');
});

test('a message is painted again when the names of its users arrive', () => {
    const { store, messages } = start();
    const replyTo = { seq: '1', sender: BOB, text: 'one' };
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'one'), messageEvent(2, BOB, '@alice two', { replyTo, mentions: { userIds: [ALICE] } })]);
    const before = messages()[1];
    assert.equal(before.senderName, BOB);

    const profile = (userId, name) => ({ userId, name, avatarUrl: '', disabled: false });
    store.people.apply([ALICE, BOB], [profile(ALICE, 'Alice Müller'), profile(BOB, '小雨')], true, NOON);

    const after = messages()[1];
    assert.equal(after.senderName, '小雨');
    assert.equal(after.quoted.senderName, '小雨');
    assert.deepEqual(after.mentionNames, { [ALICE]: 'Alice Müller' });
    assert.notEqual(after.look, before.look);
});
