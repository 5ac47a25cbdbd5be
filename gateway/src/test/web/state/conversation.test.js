import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation } from '../../../main/resources/web/state/conversation.js';
import { ALICE, BOB, eventOf, GROUP, messageEvent, NOON, PAIR, viewOf } from '../support/values.js';

const texts = (conversation) => conversation.entries.filter((e) => e.kind === 'message').map((e) => e.text);

test('an event that arrives twice is applied once', () => {
    const conversation = new Conversation(PAIR, ALICE);
    const hello = messageEvent(1, BOB, 'hello');

    assert.equal(conversation.apply(hello)?.text, 'hello');
    assert.equal(conversation.apply(hello), null);

    assert.deepEqual(texts(conversation), ['hello']);
    assert.equal(conversation.readState.unread, 1);
});

test('messages that arrive in any order are shown by seq', () => {
    const conversation = new Conversation(PAIR, ALICE);

    [3, 1, 2].forEach((seq) => conversation.apply(messageEvent(seq, BOB, `m${seq}`)));

    assert.deepEqual(texts(conversation), ['m1', 'm2', 'm3']);
    assert.equal(conversation.preview?.text, 'm3');
});

test('an edit that arrives before its message changes it, and the newest edit wins', () => {
    const conversation = new Conversation(PAIR, ALICE);
    const edit = (seq, text) => eventOf(seq, { messageEdited: { seq: '1', content: { text: { body: text } } } });

    conversation.apply(edit(3, 'third'));
    conversation.apply(edit(2, 'second'));
    conversation.apply(messageEvent(1, BOB, 'first'));

    assert.deepEqual(texts(conversation), ['third']);
    assert.equal(conversation.messageAt(1)?.edited, true);
});

test('a recalled message loses its content and is not unread', () => {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.apply(messageEvent(1, BOB, 'secret', { replyTo: { seq: '1', sender: BOB, quote: 'quote' } }));

    conversation.apply(eventOf(2, { messageRecalled: { seq: '1', sender: BOB, by: BOB, countable: true } }));

    const recalled = conversation.messageAt(1);
    assert.equal(recalled.text, '');
    assert.equal(recalled.replyTo, null);
    assert.equal(recalled.recalledBy, BOB);
    assert.equal(conversation.readState.unread, 0);
});

test('a reaction counts once per user, and its removal takes it away', () => {
    const conversation = new Conversation(PAIR, ALICE);
    const react = (seq, userId, removed = false) => conversation.apply(eventOf(seq, { reactionChanged: { seq: '1', userId, reaction: '👍', removed } }));
    conversation.apply(messageEvent(1, BOB, 'hello'));

    react(2, ALICE);
    react(3, BOB);
    react(3, BOB);
    assert.deepEqual(conversation.messageAt(1).reactions, [{ reaction: '👍', userIds: [ALICE, BOB] }]);

    react(4, ALICE, true);
    react(2, ALICE);
    assert.deepEqual(conversation.messageAt(1).reactions, [{ reaction: '👍', userIds: [BOB] }]);
});

test('opening asks for the newest page, older pages follow, and a full conversation misses nothing', () => {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.applyView(viewOf({ lastSeq: '120', readSeq: '120' }), NOON);
    assert.equal(conversation.missing(), null);

    conversation.open();
    assert.deepEqual(conversation.missing(), { from: 71, to: 120, live: false });
    for (let seq = 71; seq <= 120; seq++) {
        conversation.apply(messageEvent(seq, BOB, `m${seq}`));
    }
    assert.equal(conversation.missing(), null);

    assert.equal(conversation.wantOlder(), true);
    assert.deepEqual(conversation.missing(), { from: 21, to: 70, live: false });
    conversation.window.include(1);
    for (let seq = 1; seq <= 70; seq++) {
        conversation.markEmpty(seq);
    }
    assert.equal(conversation.missing(), null);
    assert.equal(conversation.wantOlder(), false);
});

test('a gap between live events is reported as live', () => {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.applyView(viewOf({ lastSeq: '10', readSeq: '10' }), NOON);

    conversation.apply(messageEvent(11, BOB, 'eleven'));
    conversation.apply(messageEvent(14, BOB, 'fourteen'));

    assert.deepEqual(conversation.missing(), { from: 12, to: 13, live: true });
});

test('a message disappears when it expires, from the list, the preview and the unread count', () => {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.apply(messageEvent(1, BOB, 'for good'));
    conversation.apply(messageEvent(2, BOB, 'for now', { expiresAt: new Date(NOON + 60_000).toISOString() }));

    assert.equal(conversation.expire(NOON + 59_999), false);
    assert.equal(conversation.readState.unread, 2);

    assert.equal(conversation.expire(NOON + 60_000), true);
    assert.deepEqual(texts(conversation), ['for good']);
    assert.equal(conversation.preview?.text, 'for good');
    assert.equal(conversation.readState.unread, 1);
    assert.equal(conversation.isExpired(2), true);
});

test('a message that history sends as expired is never shown, and does not lower the count of the sync', () => {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.applyView(viewOf({ lastSeq: '2', unread: 1 }), NOON);

    conversation.apply(messageEvent(1, BOB, 'for good'));
    const expired = { content: undefined, expiresAt: new Date(NOON - 60_000).toISOString(), state: { expired: true } };
    assert.equal(conversation.apply(messageEvent(2, BOB, '', expired)), null);

    assert.deepEqual(texts(conversation), ['for good']);
    assert.equal(conversation.readState.unread, 1);
    assert.equal(conversation.isExpired(2), true);
});

test('a message that the sync counted and that expires later lowers the count', () => {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.applyView(viewOf({ lastSeq: '2', unread: 2 }), NOON);
    conversation.apply(messageEvent(1, BOB, 'for good'));
    conversation.apply(messageEvent(2, BOB, 'for now', { expiresAt: new Date(NOON + 60_000).toISOString() }));

    conversation.expire(NOON + 60_000);

    assert.equal(conversation.readState.unread, 1);
});

test('a new message shows a hidden conversation again, but a muted large group only with a mention', () => {
    const pair = new Conversation(PAIR, ALICE);
    pair.applyView(viewOf({ hidden: true }), NOON);
    pair.apply(messageEvent(1, BOB, 'hello'));
    assert.equal(pair.settings.hidden, false);

    const large = new Conversation(GROUP, ALICE);
    large.applyView(viewOf({ conversationId: GROUP, hidden: true, large: true, group: { role: 'MEMBER', joinedSeq: '1' } }), NOON);
    large.apply(messageEvent(2, BOB, 'hello'));
    assert.equal(large.settings.hidden, true);
    large.apply(messageEvent(3, BOB, '@alice', { mentions: { userIds: [ALICE] } }));
    assert.equal(large.settings.hidden, false);
});

test('a message ends its sender’s typing notice', () => {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.typing.started(BOB, NOON);

    conversation.apply(messageEvent(1, BOB, 'hello'));

    assert.deepEqual(conversation.typing.userIds, []);
});
