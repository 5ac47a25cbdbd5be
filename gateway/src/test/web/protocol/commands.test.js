import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account } from '../../../main/resources/web/protocol/account.js';
import { Commands } from '../../../main/resources/web/protocol/commands.js';
import { Operations } from '../../../main/resources/web/protocol/operations.js';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, BOB, GROUP, messageEvent, messageJson, NOON, PAIR, viewOf } from '../support/values.js';

function start() {
    const connection = new RecordingConnection();
    const clock = new ManualClock();
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const requests = new Requests(connection, clock);
    const commands = new Commands(store, requests, new Operations(requests, clock));
    const account = new Account(store, requests);
    const answer = (kind, value) => requests.answer(connection.last.id, kind, value);
    return { connection, store, commands, account, answer };
}

test('every command about a message, a group or a friend has an operation id', () => {
    const { connection, store, commands } = start();
    store.applyEvents(PAIR, [messageEvent(1, ALICE, 'hello')]);
    const pair = store.conversation(PAIR);

    commands.edit(pair, 1, 'hello!', null);
    commands.recall(pair, 1);
    commands.react(pair, 1, '👍', false);
    commands.deleteForMe(pair, 1);
    commands.friend(pair, 'request');
    commands.group(GROUP, 'create', { profile: { name: 'Sailing' }, members: [BOB] });

    const ids = connection.frames.map(({ operationId }) => operationId);
    assert.equal(ids.filter(Boolean).length, 6);
    assert.equal(new Set(ids).size, 6);
});

test('an own edit shows when it is sequenced, as everyone else sees it', async () => {
    const { store, commands, answer } = start();
    store.applyEvents(PAIR, [messageEvent(1, ALICE, 'hello')]);
    const conversation = store.conversation(PAIR);

    const plain = commands.edit(conversation, 1, 'hello!', null);
    assert.equal(conversation.messageAt(1).text, 'hello');
    answer('sequenced', { seq: '2' });
    await plain;
    assert.equal(conversation.messageAt(1).text, 'hello!');

    const masked = commands.edit(conversation, 1, 'fiddlesticks', null);
    answer('sequenced', { seq: '3', masked: true, maskedContent: { text: { body: '************' } } });
    await masked;
    assert.equal(conversation.messageAt(1).text, '************');
});

test('the repetition of a masked edit waits for history', async () => {
    const { store, commands, answer } = start();
    store.applyEvents(PAIR, [messageEvent(1, ALICE, 'hello')]);
    const conversation = store.conversation(PAIR);

    const edit = commands.edit(conversation, 1, 'fiddlesticks', null);
    answer('sequenced', { seq: '2', masked: true, duplicate: true });
    await edit;

    assert.equal(conversation.messageAt(1).text, 'hello');
    assert.deepEqual(conversation.missing(), { from: 2, to: 2, live: true });
});

test('a refused command shows its problem at the message and changes nothing', async () => {
    const { store, commands, answer } = start();
    store.applyEvents(PAIR, [messageEvent(1, ALICE, 'hello')]);
    const conversation = store.conversation(PAIR);

    const recall = commands.recall(conversation, 1);
    answer('refused', { reason: 'MESSAGE_TOO_OLD' });
    await recall;

    assert.equal(conversation.problems.get(1), 'This message is too old for that.');
    assert.equal(conversation.messageAt(1).recalledBy, null);
});

test('declining an invitation takes the group out of the list', async () => {
    const { store, commands, answer } = start();
    store.applyView(viewOf({ conversationId: GROUP, lastSeq: '1', group: { role: 'MEMBER', joinedSeq: '1', invitedBy: BOB } }), NOON);
    assert.equal(store.listed.length, 1);

    const decline = commands.group(GROUP, 'leave');
    answer('sequenced', { seq: '2' });

    assert.equal(await decline, null);
    assert.equal(store.listed.length, 0);
});

test('a setting shows at once, and goes back if it is refused', async () => {
    const { store, account, answer } = start();
    const conversation = store.conversation(PAIR);

    const change = account.changeSettings(conversation, { muted: true });
    assert.equal(conversation.settings.muted, true);
    answer('error', { code: 'UNAVAILABLE', retryable: true });

    assert.notEqual(await change, null);
    assert.equal(conversation.settings.muted, false);
});

test('the choice who may add the user to groups is sent as part of the profile', async () => {
    const { connection, account, answer } = start();

    const change = account.setGroupInvitations('NOBODY');
    answer('applied', {});

    assert.equal(await change, null);
    assert.deepEqual(connection.sent('profile'), [{ groupInvitations: 'NOBODY' }]);
});

test('receipts are read page by page', async () => {
    const { connection, store, commands, answer } = start();
    const page = (deliveredTo, readBy, moreUsers) => ({ messages: [{ members: 3, deliveredTo, readBy }], moreUsers });

    const receipts = commands.receipts(store.conversation(GROUP), 1);
    answer('receipts', page(['bob', 'carol'], ['bob'], true));
    await new Promise((resolve) => setImmediate(resolve));
    answer('receipts', page(['dave'], [], false));

    assert.deepEqual(await receipts, { receipts: { members: 3, deliveredTo: ['bob', 'carol', 'dave'], readBy: ['bob'] }, problem: null });
    assert.deepEqual(connection.sent('receipts').map(({ afterUserId }) => afterUserId), ['', 'carol']);
});

test('a pin shows at once, and a refused one at its message', async () => {
    const { connection, store, commands, answer } = start();
    store.applyEvents(PAIR, [messageEvent(1, BOB, 'hello')]);
    const conversation = store.conversation(PAIR);

    const pin = commands.pin(conversation, 1, false);
    answer('sequenced', { seq: '2' });
    assert.equal(await pin, null);
    assert.deepEqual(connection.sent('pin'), [{ conversationId: PAIR, seq: '1', unpin: false }]);
    assert.deepEqual(conversation.pinnedSeqs, [1]);

    const unpin = commands.pin(conversation, 1, true);
    answer('refused', { reason: 'NOT_ALLOWED' });
    assert.equal(await unpin, 'You are not allowed to do this.');
    assert.deepEqual(conversation.pinnedSeqs, [1]);
});

test('pinned messages outside the loaded history are read once, and stay outside it', () => {
    const { connection, store, commands, answer } = start();
    const group = store.conversation(GROUP);
    group.applyDescription({ profile: {}, allMuted: false, memberCount: 2, members: [], moreMembers: false, requests: [], lastSeq: 900, pinnedSeqs: [5, 7] });

    commands.loadPinned(group);
    answer('events', { events: [messageJson(5, BOB, 'rules')] });
    answer('error', { code: 'NOT_FOUND' });
    commands.loadPinned(group);

    assert.equal(connection.sent('pullMany').length, 1);
    assert.equal(group.pinnedMessage(5)?.text, 'rules');
    assert.equal(group.pinnedMessage(7), null);
    assert.deepEqual(group.entries, []);
});

test('a group that does not exist is a problem; one of others is none', async () => {
    const { commands, answer } = start();

    const unknown = commands.findGroup('g:nothing');
    answer('refused', { reason: 'CONVERSATION_NOT_FOUND' });
    assert.equal(await unknown, 'There is no group g:nothing. Please check the id, or ask a member to add you.');

    const others = commands.findGroup(GROUP);
    answer('refused', { reason: 'NOT_A_MEMBER' });
    assert.equal(await others, null);
});
