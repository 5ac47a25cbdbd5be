import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation } from '../../../main/resources/web/state/conversation.js';
import { ALICE, BOB, eventOf, messageEvent, NOON, PAIR, viewOf } from '../support/values.js';

function conversationWith(json) {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.applyView(viewOf(json), NOON);
    return conversation;
}

test('live messages of the other add to the unread messages of the sync', () => {
    const conversation = conversationWith({ lastSeq: '5', unread: 3 });

    conversation.apply(messageEvent(6, BOB, 'six'));
    conversation.apply(messageEvent(7, BOB, 'seven', { flags: { noUnread: true } }));

    assert.equal(conversation.readState.unread, 4);
});

test('sending a message reads everything before it', () => {
    const conversation = conversationWith({ lastSeq: '5', unread: 3 });

    conversation.apply(messageEvent(6, ALICE, 'six'));

    assert.equal(conversation.readState.unread, 0);
});

test('reading locally counts at once, and the server has to be told once', () => {
    const conversation = conversationWith({ lastSeq: '0' });
    conversation.apply(messageEvent(1, BOB, 'one'));
    conversation.apply(messageEvent(2, BOB, 'two'));

    assert.equal(conversation.readState.markRead(1), true);
    assert.equal(conversation.readState.unread, 1);
    assert.equal(conversation.readState.markRead(1), false);
    assert.equal(conversation.readState.markRead(2), true);
    assert.equal(conversation.readState.unread, 0);
});

test('own messages need no read position', () => {
    const conversation = conversationWith({ lastSeq: '0' });
    conversation.apply(messageEvent(1, ALICE, 'one'));

    assert.equal(conversation.readState.markRead(1), false);
});

test('another device’s read position lowers the count to the messages after it', () => {
    const conversation = conversationWith({ lastSeq: '0' });
    [1, 2, 3].forEach((seq) => conversation.apply(messageEvent(seq, BOB, `m${seq}`)));

    conversation.apply(eventOf(0, { readAdvanced: { userId: ALICE, readSeq: '2' } }));

    assert.equal(conversation.readState.unread, 1);
});

test('a recall of a message that the sync counted lowers the count', () => {
    const conversation = conversationWith({ lastSeq: '5', unread: 3 });

    conversation.apply(eventOf(6, { messageRecalled: { seq: '4', sender: BOB, by: BOB, countable: true } }));

    assert.equal(conversation.readState.unread, 2);
});

test('a mention counts until an edit removes it', () => {
    const conversation = conversationWith({ lastSeq: '0' });
    conversation.apply(messageEvent(1, BOB, '@alice', { mentions: { userIds: [ALICE] } }));
    assert.equal(conversation.readState.mentions, 1);

    conversation.apply(eventOf(2, { messageEdited: { seq: '1', content: { text: { body: 'never mind' } } } }));

    assert.equal(conversation.readState.mentions, 0);
    assert.equal(conversation.readState.unread, 1);
});

test('a message deleted for this user is not unread', () => {
    const conversation = conversationWith({ lastSeq: '0' });
    [1, 2].forEach((seq) => conversation.apply(messageEvent(seq, BOB, `m${seq}`)));

    conversation.apply(eventOf(0, { messagesDeleted: { ranges: [{ fromSeq: '2', toSeq: '2' }] } }));

    assert.equal(conversation.readState.unread, 1);
    assert.equal(conversation.preview?.text, 'm1');
});

test('the head of a large group counts by message index', () => {
    const conversation = conversationWith({ lastSeq: '10', countedIndex: '7', large: true });

    conversation.applyHead({ conversationId: PAIR, lastSeq: 30, messageIndex: 20 });

    assert.equal(conversation.readState.unread, 13);
    assert.equal(conversation.lastSeq, 30);
});

test('an event of the other shows what has reached their devices', () => {
    const conversation = conversationWith({ lastSeq: '0' });

    conversation.apply(messageEvent(1, ALICE, 'one'));
    conversation.apply(messageEvent(2, ALICE, 'two'));
    conversation.apply(eventOf(3, { messageSent: { sender: BOB, content: { text: { body: 'three' } } }, deliveredSeq: '1' }));
    assert.equal(conversation.readState.peerDeliveredSeq, 1);

    conversation.apply(eventOf(4, { messageRecalled: { seq: '1', sender: ALICE, by: BOB }, deliveredSeq: '2' }));
    assert.equal(conversation.readState.peerDeliveredSeq, 2);
});

test('own events do not show what has reached the other', () => {
    const conversation = conversationWith({ lastSeq: '0' });

    conversation.apply(messageEvent(1, BOB, 'one'));
    conversation.apply(eventOf(2, { messageSent: { sender: ALICE, content: { text: { body: 'two' } } }, deliveredSeq: '1' }));

    assert.equal(conversation.readState.peerDeliveredSeq, 0);
});

test('what the other has read has reached them', () => {
    const conversation = conversationWith({ lastSeq: '3', peerReadSeq: '2' });
    assert.equal(conversation.readState.peerDeliveredSeq, 2);

    conversation.apply(eventOf(0, { readAdvanced: { userId: BOB, readSeq: '3' } }));
    assert.equal(conversation.readState.peerDeliveredSeq, 3);
});

test('the positions of the other only advance', () => {
    const conversation = conversationWith({ lastSeq: '3', peerReadSeq: '2', peerDeliveredSeq: '3' });

    conversation.apply(eventOf(0, { readAdvanced: { userId: BOB, readSeq: '1' } }));
    conversation.apply(eventOf(0, { deliveredAdvanced: { userId: BOB, deliveredSeq: '1' } }));

    assert.equal(conversation.readState.peerReadSeq, 2);
    assert.equal(conversation.readState.peerDeliveredSeq, 3);
});
