import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConversationId, privateConversationId, userIdProblem } from '../../../main/resources/web/state/conversation-id.js';
import { Group } from '../../../main/resources/web/state/group.js';
import { KnownEvents } from '../../../main/resources/web/state/known-events.js';
import { Latest } from '../../../main/resources/web/state/latest.js';
import { mentionsIn } from '../../../main/resources/web/state/mentions.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Relation } from '../../../main/resources/web/state/relation.js';
import { Settings } from '../../../main/resources/web/state/settings.js';
import { MemoryStorage } from '../support/fakes.js';
import { ALICE, BOB, eventOf, GROUP, NOON, PAIR } from '../support/values.js';

const DRAFT = { text: 'hello', replyTo: null, mentions: null, forward: null };

test('a conversation id has the same form from both sides', () => {
    assert.equal(privateConversationId(BOB, ALICE), PAIR);
    assert.deepEqual(parseConversationId(PAIR, ALICE), { kind: 'private', name: BOB });
    assert.deepEqual(parseConversationId(PAIR, BOB), { kind: 'private', name: ALICE });
    assert.deepEqual(parseConversationId(GROUP, ALICE), { kind: 'group', name: 'sailing' });
    for (const wrong of ['', 'p:alice', 'x:alice', 'g:', 'g:a b', 'g:a:b', 'alice']) {
        assert.equal(parseConversationId(wrong, ALICE), null, wrong);
    }
});

test('a user id has 1 to 64 allowed characters', () => {
    assert.equal(userIdProblem('a'.repeat(64)), null);
    assert.match(userIdProblem('a'.repeat(65)) ?? '', /64/);
    assert.notEqual(userIdProblem(''), null);
    assert.notEqual(userIdProblem('olga max'), null);
});

test('the newest value wins in any order, and the same position replaces', () => {
    const latest = new Latest('none');
    latest.offer(2, 'two');
    latest.offer(1, 'one');
    assert.equal(latest.value, 'two');
    latest.offer(2, 'two again');
    assert.equal(latest.value, 'two again');
});

test('a gap is the newest unknown range', () => {
    const known = new KnownEvents();
    [1, 2, 5, 6, 9].forEach((seq) => known.put(seq, null));

    assert.deepEqual(known.gap(1, 9), { from: 7, to: 8 });
    assert.deepEqual(known.gap(1, 6), { from: 3, to: 4 });
    assert.equal(known.gap(5, 6), null);
    assert.equal(known.hasAll(4, 6), true);
    assert.equal(known.hasAll(3, 6), false);
});

test('mentions are members of the group, and @all is for admins', () => {
    const group = new Group(ALICE);
    group.apply(1, eventOf(1, { groupCreated: { owner: BOB, members: [BOB, ALICE, 'max.'], profile: {} } }).notice);

    assert.deepEqual(mentionsIn('@bob, @bob. and @zoe', group), { all: false, userIds: [BOB] });
    assert.deepEqual(mentionsIn('@max.', group), { all: false, userIds: ['max.'] });
    assert.equal(mentionsIn('mail@bob @all', group), null);
    assert.equal(mentionsIn('@bob', null), null);

    group.apply(2, eventOf(2, { roleChanged: { by: BOB, userId: ALICE, role: 'ADMIN' } }).notice);
    assert.deepEqual(mentionsIn('@all', group), { all: true, userIds: [] });
});

test('the outbox survives a reload, and accepted messages are sent again', () => {
    const storage = new MemoryStorage();
    const outbox = new Outbox(storage);
    outbox.accepted(outbox.add(PAIR, 'm1', DRAFT, NOON));
    outbox.failed(outbox.add(PAIR, 'm2', DRAFT, NOON), 'You are muted here for now.', true);

    const reloaded = new Outbox(storage);

    assert.deepEqual(reloaded.of(PAIR).map(({ clientMsgId, state }) => [clientMsgId, state]), [['m1', 'waiting'], ['m2', 'failed']]);
    assert.deepEqual(reloaded.unsettled.map(({ clientMsgId }) => clientMsgId), ['m1']);
    reloaded.retry(reloaded.find(PAIR, 'm2'));
    assert.equal(reloaded.unsettled.length, 2);
});

test('an entry that was settled does not come back by a late answer', () => {
    const outbox = new Outbox(new MemoryStorage());
    const entry = outbox.add(PAIR, 'm1', DRAFT, NOON);
    assert.equal(outbox.settle(PAIR, 'm1'), entry);
    assert.equal(outbox.settle(PAIR, 'm1'), undefined);

    outbox.failed(entry, 'late', false);

    assert.equal(outbox.isEmpty, true);
});

test('a friend request is answered once, and older news changes nothing', () => {
    const relation = new Relation(ALICE);
    relation.apply(NOON, eventOf(1, { friendRequested: { from: BOB, to: ALICE, note: 'hi' } }).notice);
    assert.equal(relation.received, 'hi');
    assert.equal(relation.requested, false);

    relation.apply(NOON + 2, eventOf(2, { friendAccepted: { by: ALICE } }).notice);
    relation.apply(NOON + 1, eventOf(1, { friendRequested: { from: BOB, to: ALICE, note: 'hi' } }).notice);

    assert.equal(relation.friends, true);
    assert.equal(relation.received, null);
});

test('a local change of a setting holds until a later view', () => {
    const settings = new Settings();
    const values = { pinned: false, muted: false, hidden: false, draft: '' };
    settings.applyView({ version: 3, settings: values });

    assert.deepEqual(settings.change({ muted: true }), { muted: false });
    settings.applyView({ version: 2, settings: values });
    assert.equal(settings.muted, true);

    settings.applyView({ version: 4, settings: values });
    assert.equal(settings.muted, false);
});
