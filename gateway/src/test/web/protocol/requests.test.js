import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { ManualClock, RecordingConnection } from '../support/fakes.js';
import { NOON } from '../support/values.js';

function start(t) {
    t.mock.timers.enable({ apis: ['Date'], now: NOON });
    const connection = new RecordingConnection();
    const clock = new ManualClock();
    return { connection, clock, requests: new Requests(connection, clock) };
}

test('a reply reaches the request with its id, until the last one', (t) => {
    const { connection, requests } = start(t);
    const replies = /** @type {string[]} */ ([]);
    requests.send('pull', {}, (kind) => replies.push(`first ${kind}`) === 2);
    requests.send('pull', {}, (kind) => Boolean(replies.push(`second ${kind}`)));
    const [first, second] = connection.frames.map(({ id }) => id);

    assert.equal(requests.answer(second, 'events', {}), true);
    assert.equal(requests.answer(first, 'error', {}), true);
    assert.equal(requests.answer(second, 'events', {}), false);

    assert.deepEqual(replies, ['second events', 'first error']);
});

test('a request without a reply is lost after ten seconds', async (t) => {
    const { clock, requests } = start(t);
    const result = requests.request('devices', {});

    t.mock.timers.setTime(NOON + 10_001);
    clock.tick();

    assert.deepEqual(await result, ['lost', { sent: true }]);
});

test('accepted is not the answer yet', async (t) => {
    const { connection, requests } = start(t);
    const result = requests.request('settings', {});

    requests.answer(connection.last.id, 'accepted', {});
    requests.answer(connection.last.id, 'applied', {});

    assert.deepEqual(await result, ['applied', {}]);
});

test('a lost connection loses every open request', async (t) => {
    const { requests } = start(t);
    const results = [requests.request('pull', {}), requests.request('sync', {})];

    requests.disconnected();

    assert.deepEqual(await Promise.all(results), [['lost', { sent: true }], ['lost', { sent: true }]]);
});
