import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Operations } from '../../../main/resources/web/protocol/operations.js';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { ManualClock, RecordingConnection } from '../support/fakes.js';
import { NOON, PAIR } from '../support/values.js';

const EDIT = { conversationId: PAIR, seq: '1', content: { text: { body: 'hello' } } };
const UNAVAILABLE = { code: 'UNAVAILABLE', retryable: true };

function start(t) {
    t.mock.timers.enable({ apis: ['Date'], now: NOON });
    const connection = new RecordingConnection();
    const clock = new ManualClock();
    const requests = new Requests(connection, clock);
    const pass = (millis) => {
        t.mock.timers.setTime(Date.now() + millis);
        clock.tick();
    };
    const answer = (kind, value) => requests.answer(connection.last.id, kind, value);
    const operationIds = () => connection.frames.map(({ operationId }) => operationId);
    return { connection, requests, operations: new Operations(requests, clock), pass, answer, operationIds };
}

test('each command has an operation id of its own', async (t) => {
    const { operations, answer, operationIds } = start(t);

    const first = operations.run('edit', EDIT);
    answer('accepted', {});
    answer('sequenced', { seq: '2' });
    const second = operations.run('edit', EDIT);
    answer('sequenced', { seq: '3' });

    assert.deepEqual(await first, ['sequenced', { seq: '2' }]);
    assert.deepEqual(await second, ['sequenced', { seq: '3' }]);
    const [one, two] = operationIds();
    assert.match(one, /^[0-9a-f]{32}$/);
    assert.notEqual(one, two);
});

test('a command whose answer is lost with the connection is sent again with the same id', async (t) => {
    const { connection, requests, operations, pass, answer, operationIds } = start(t);
    const result = operations.run('edit', EDIT);

    connection.isOpen = false;
    requests.disconnected();
    pass(1_000);
    assert.equal(connection.frames.length, 1);
    connection.isOpen = true;
    pass(1_000);
    answer('sequenced', { seq: '2', duplicate: true });

    assert.deepEqual(await result, ['sequenced', { seq: '2', duplicate: true }]);
    const [one, two] = operationIds();
    assert.equal(one, two);
});

test('a retryable error is retried with the same id for fifteen seconds, and then returned', async (t) => {
    const { connection, operations, pass, answer, operationIds } = start(t);
    const result = operations.run('react', EDIT);

    for (let i = 0; i < 15; i++) {
        answer('error', UNAVAILABLE);
        pass(1_000);
    }
    answer('error', UNAVAILABLE);

    assert.deepEqual(await result, ['error', UNAVAILABLE]);
    assert.equal(connection.frames.length, 16);
    assert.equal(new Set(operationIds()).size, 1);
});

test('a retry waits as long as the server says', async (t) => {
    const { connection, operations, pass, answer } = start(t);
    const result = operations.run('react', EDIT);

    answer('error', { ...UNAVAILABLE, retryAfterMs: 3_000 });
    pass(2_999);
    assert.equal(connection.frames.length, 1);
    pass(1);
    answer('sequenced', { seq: '2' });

    assert.deepEqual(await result, ['sequenced', { seq: '2' }]);
    assert.equal(connection.frames.length, 2);
});

test('a refusal is an answer: it is not retried', async (t) => {
    const { connection, operations, pass, answer } = start(t);
    const result = operations.run('edit', EDIT);

    answer('refused', { reason: 'MESSAGE_TOO_OLD' });
    pass(5_000);

    assert.deepEqual(await result, ['refused', { reason: 'MESSAGE_TOO_OLD' }]);
    assert.equal(connection.frames.length, 1);
});

test('without a connection the answer is lost at once', async (t) => {
    const { connection, operations } = start(t);
    connection.isOpen = false;

    assert.deepEqual(await operations.run('edit', EDIT), ['lost', { sent: false }]);
});

test('the user repeats a command that was given up under its id, but not after another command', async (t) => {
    const { connection, requests, operations, pass, operationIds } = start(t);
    const giveUp = async (value) => {
        const result = operations.run('react', value);
        connection.isOpen = false;
        requests.disconnected();
        pass(15_000);
        assert.equal((await result)[0], 'lost');
        connection.isOpen = true;
    };
    const add = { conversationId: PAIR, seq: '1', reaction: '👍', remove: false };
    const remove = { ...add, remove: true };

    await giveUp(add);
    await giveUp(add);
    await giveUp(remove);
    await giveUp(add);

    const [one, two, three, four] = operationIds();
    assert.equal(one, two);
    assert.equal(new Set([two, three, four]).size, 3);
});
