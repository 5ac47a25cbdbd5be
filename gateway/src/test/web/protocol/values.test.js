import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../../main/resources/web/protocol/backoff.js';
import { describeContent } from '../../../main/resources/web/protocol/content.js';
import { event } from '../../../main/resources/web/protocol/events.js';
import { view } from '../../../main/resources/web/protocol/frames.js';
import { problemOf } from '../../../main/resources/web/protocol/refusals.js';
import { NOON, PAIR } from '../support/values.js';

test('absent fields of a view have their defaults', () => {
    const { lastMessage, group, relation, settings, unread, version } = view({ conversationId: PAIR });

    assert.deepEqual({ lastMessage, group, relation, unread, version }, { lastMessage: null, group: null, relation: null, unread: 0, version: 0 });
    assert.deepEqual(settings, { pinned: false, muted: false, hidden: false, draft: '' });
});

test('a link to media is one of the web, or none', () => {
    const urlOf = (url) => describeContent({ image: { media: { url } } }).url;

    assert.equal(urlOf('https://example.org/a.png'), 'https://example.org/a.png');
    assert.equal(urlOf('javascript:alert(1)'), null);
    assert.equal(urlOf('data:text/html,x'), null);
    assert.equal(urlOf('no address'), null);
    assert.equal(urlOf(undefined), null);
});

test('a content of an unknown kind is shown as a message', () => {
    assert.deepEqual(describeContent({ hologram: {} }), { text: '[message]', url: null });
    assert.deepEqual(describeContent({}), { text: '[message]', url: null });
});

test('a message from history has its state', () => {
    const { message } = event({ seq: '7', sentAt: new Date(NOON).toISOString(), messageSent: { sender: 'bob', state: { editedSeq: '9', expired: true } } });

    assert.deepEqual(message.state, { editedSeq: 9, recalledSeq: 0, recalledBy: '', expired: true });
    assert.equal(message.sentAt, NOON);
});

test('an event that the page does not know keeps its place', () => {
    assert.deepEqual(event({ seq: '3', hologramShown: {} }), { seq: 3, sentAt: 0, kind: 'other' });
});

test('a problem is a sentence, and a positive answer has none', () => {
    assert.equal(problemOf('sequenced', {}), null);
    assert.equal(problemOf('applied', {}), null);
    assert.equal(problemOf('refused', { reason: 'GROUP_FULL' }), 'The group is full.');
    assert.match(problemOf('refused', { reason: 'NEW_REASON', message: 'for developers' }) ?? '', /reload the page/);
    assert.match(problemOf('error', { message: 'for developers' }) ?? '', /reload the page/);
    assert.match(problemOf('error', { retryable: true }) ?? '', /try again/);
    assert.match(problemOf('lost', {}) ?? '', /no connection/);
});

test('the backoff doubles up to 30 seconds and starts again after a reset', () => {
    const backoff = new Backoff();
    for (let attempt = 0; attempt < 10; attempt++) {
        const ceiling = Math.min(30_000, 500 * 2 ** attempt);
        const millis = backoff.nextMillis();
        assert.ok(millis >= ceiling / 2 && millis <= ceiling, `${millis} of ${ceiling}`);
    }
    backoff.reset();
    assert.ok(backoff.nextMillis() <= 500);
});
