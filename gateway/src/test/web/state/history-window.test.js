import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation } from '../../../main/resources/web/state/conversation.js';
import { HistoryWindow, MAX_ROWS } from '../../../main/resources/web/state/history-window.js';
import { ALICE, BOB, eventOf, messageEvent, NOON, PAIR, viewOf } from '../support/values.js';

const entries = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => ({ seq: from + i }));
const seqs = (conversation) => [conversation.shownEntries[0]?.seq, conversation.shownEntries.at(-1)?.seq];

function withMessages(from, to, view = {}) {
    const conversation = new Conversation(PAIR, ALICE);
    conversation.applyView(viewOf(view), NOON);
    for (let seq = from; seq <= to; seq++) {
        conversation.apply(messageEvent(seq, BOB, `m${seq}`));
    }
    return conversation;
}

test('an old message is shown with its surroundings only, and nothing between it and the newest page is loaded', () => {
    const conversation = withMessages(9_951, 10_000, { lastSeq: '10000', readSeq: '10000' });
    conversation.open();
    assert.equal(conversation.missing(), null);

    conversation.window.showAround(100, conversation.lastSeq);

    assert.deepEqual(conversation.missing(), { from: 75, to: 125, live: false });
    assert.deepEqual(conversation.shownEntries, []);
    for (let seq = 75; seq <= 125; seq++) {
        conversation.apply(messageEvent(seq, BOB, `m${seq}`));
    }
    assert.equal(conversation.missing(), null);
    assert.deepEqual(seqs(conversation), [75, 125]);

    conversation.open();
    assert.deepEqual(seqs(conversation), [9_951, 10_000]);
    assert.equal(conversation.missing(), null);
});

test('a message near the newest one is shown together with everything after it', () => {
    const window = new HistoryWindow();
    window.showNewest(951);
    window.showAround(850, 1_000);
    assert.deepEqual([window.from, window.to], [825, Infinity]);

    window.showAround(900, 1_000);
    assert.deepEqual([window.from, window.to], [825, Infinity], 'a message that is shown changes nothing');
});

test('a live message is counted, and not shown in the surroundings of an old one', () => {
    const conversation = withMessages(951, 1_000, { lastSeq: '1000', readSeq: '1000' });
    conversation.open();
    conversation.window.showAround(100, conversation.lastSeq);

    conversation.apply(messageEvent(1_001, BOB, 'now'));

    assert.equal(conversation.readState.unread, 1);
    assert.equal(conversation.window.has(1_001), false);
});

test('scrolling to newer messages reaches the newest ones', () => {
    const window = new HistoryWindow();
    window.showAround(100, 1_000);
    for (let i = 0; i < 17; i++) {
        assert.equal(window.isNewest, false);
        window.growNewer(1_000);
    }
    assert.equal(window.isNewest, false);
    window.growNewer(1_000);
    assert.equal(window.isNewest, true);
});

test('the window drops what is farthest from where the user scrolls', () => {
    const older = new HistoryWindow();
    older.showNewest(1_000);
    older.growOlder();
    older.limit(entries(950, 950 + MAX_ROWS), false);
    assert.deepEqual([older.from, older.to], [950, 949 + MAX_ROWS]);

    const newer = new HistoryWindow();
    newer.showAround(100, 10_000);
    newer.growNewer(10_000);
    newer.limit(entries(75, 75 + MAX_ROWS), false);
    assert.equal(newer.from, 76);

    const following = new HistoryWindow();
    following.showNewest(1);
    following.limit(entries(1, MAX_ROWS + 10), true);
    assert.deepEqual([following.from, following.isNewest], [11, true]);
});

test('a page that stays open for hours keeps a bounded number of events, and the counts of all', () => {
    const conversation = withMessages(1, 0, {});
    for (let seq = 1; seq <= 10_000; seq++) {
        conversation.apply(messageEvent(seq, BOB, `m${seq}`, seq % 1_000 === 0 ? { mentions: { userIds: [ALICE] } } : {}));
        conversation.trim(false, NOON);
    }

    assert.ok(conversation.known.size <= 2_000, `${conversation.known.size} events`);
    assert.equal(conversation.readState.unread, 10_000);
    assert.equal(conversation.readState.mentions, 10);
    assert.equal(conversation.missing(), null);

    conversation.apply(eventOf(10_001, { messageRecalled: { seq: '3', sender: BOB, by: BOB, countable: true } }));
    assert.equal(conversation.readState.unread, 9_999);
    conversation.readState.markRead(10_001);
    assert.equal(conversation.readState.unread, 0);
});

test('the open conversation keeps the events that it shows, and loads dropped events again', () => {
    const conversation = withMessages(1, 3_000, {});
    conversation.open();
    conversation.window.include(1_500);
    conversation.trim(true, NOON);
    assert.deepEqual(seqs(conversation), [1_500, 3_000]);
    assert.equal(conversation.knows(1_499), false);

    conversation.window.growOlder();
    assert.deepEqual(conversation.missing(), { from: 1_450, to: 1_499, live: false });
});

test('changes of dropped messages are dropped with them', () => {
    const conversation = withMessages(1, 10, {});
    conversation.apply(eventOf(11, { reactionChanged: { seq: '1', userId: BOB, reaction: '👍' } }));
    for (let seq = 12; seq <= 2_100; seq++) {
        conversation.apply(messageEvent(seq, BOB, `m${seq}`));
    }
    conversation.trim(false, NOON);

    conversation.apply(messageEvent(1, BOB, 'm1'));
    assert.deepEqual(conversation.messageAt(1).reactions, []);
});
