import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event } from '../../../main/resources/web/protocol/events.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { People } from '../../../main/resources/web/state/people.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { userIdsIn } from '../../../main/resources/web/view/group/new-group-dialog.js';
import { isFewEmoji } from '../../../main/resources/web/view/components/rich-text.js';
import { chatSubtitle } from '../../../main/resources/web/view/text/chat-subtitle.js';
import { noticeText } from '../../../main/resources/web/view/text/notice-text.js';
import { lastSeen } from '../../../main/resources/web/view/text/times.js';
import { MemoryStorage } from '../support/fakes.js';
import { ALICE, BOB, GROUP, NOON, PAIR } from '../support/values.js';

const notice = (body, people = new People()) => noticeText(event({ seq: '1', ...body }).notice, ALICE, people);

test('a notice names the reader as "you"', () => {
    assert.equal(notice({ membersAdded: { by: ALICE, userIds: [BOB], cause: 'ADDED' } }), 'You added bob');
    assert.equal(notice({ membersAdded: { by: BOB, userIds: [ALICE], cause: 'APPROVED' } }), 'bob approved you');
    assert.equal(notice({ membersAdded: { by: BOB, userIds: [BOB], cause: 'JOINED' } }), 'bob joined');
    assert.equal(notice({ membersRemoved: { userIds: [BOB] } }), 'The operator removed bob');
});

test('a notice shows the names of the directory', () => {
    const people = new People();
    people.apply([BOB], [{ userId: BOB, name: 'Bob Müller', avatarUrl: '', disabled: false }], true, NOON);
    assert.equal(notice({ membersAdded: { by: BOB, userIds: ['carol'], cause: 'ADDED' } }, people), 'Bob Müller added carol');
});

test('a long list of names is shortened', () => {
    const userIds = ['a', 'b', 'c', 'd', 'e', 'f'];
    assert.equal(notice({ membersAdded: { by: BOB, userIds, cause: 'ADDED' } }), 'bob added a, b, c, d, and 2 others');
});

test('the subtitle is the typing notice, else presence or the number of members', () => {
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const pair = store.conversation(PAIR);
    store.applyPresence({ userId: BOB, online: true, lastSeenAt: 0, status: 'sailing' });
    assert.equal(chatSubtitle(store, pair, NOON), 'online · sailing');

    store.applyTyping(PAIR, BOB, NOON);
    assert.equal(chatSubtitle(store, pair, NOON), 'typing…');

    const group = store.conversation(GROUP);
    assert.equal(chatSubtitle(store, group, NOON), 'Group');
    ['bob', 'carol', 'dave'].forEach((userId, i) => {
        store.applyTyping(GROUP, userId, NOON);
        assert.equal(chatSubtitle(store, group, NOON), ['bob is typing…', 'bob and carol are typing…', '3 people are typing…'][i]);
    });
});

test('a user who was never online has no time', () => {
    assert.equal(lastSeen(0, NOON), '');
    assert.equal(lastSeen(NOON - 59_999, NOON), 'last seen just now');
    assert.equal(lastSeen(NOON - 60_000, NOON), 'last seen 1 minute ago');
    assert.equal(lastSeen(NOON - 59 * 60_000, NOON), 'last seen 59 minutes ago');
});

test('one to three emoji are few', () => {
    assert.equal(isFewEmoji('👍'), true);
    assert.equal(isFewEmoji('👨‍👩‍👧‍👦 🇩🇪'), true);
    assert.equal(isFewEmoji('👍👍👍👍'), false);
    assert.equal(isFewEmoji('👍 ok'), false);
});

test('user ids are separated by commas, semicolons or white space, each taken once', () => {
    assert.deepEqual(userIdsIn(' olga, max;olga\nzoe '), ['olga', 'max', 'zoe']);
    assert.deepEqual(userIdsIn(' , '), []);
});
